/// The tables of the first version of the schema, as SQL; what each one means is told in docs/schema.md.
///
/// Times are integer microseconds since 1970-01-01T00:00:00Z. A text that was not logged is the empty string
/// in `context` (its rows are compared as a whole) and NULL elsewhere.
enum SchemaTables {
    /// The ledger: what was read, how far, and with what result.
    static let ledger = """
        CREATE TABLE file(
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            generation INTEGER NOT NULL,
            container TEXT NOT NULL,
            state TEXT NOT NULL,
            note TEXT NOT NULL,
            bytes_read INTEGER NOT NULL,
            bytes_inflated INTEGER NOT NULL,
            content BLOB NOT NULL,
            lines INTEGER NOT NULL,
            stored INTEGER NOT NULL,
            duplicates INTEGER NOT NULL,
            ignored INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            resume_offset INTEGER NOT NULL,
            resume_line INTEGER NOT NULL,
            copy_of INTEGER REFERENCES file(id),
            UNIQUE(path, generation)
        ) STRICT;
        CREATE TABLE reject(
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            reason TEXT NOT NULL,
            detail TEXT NOT NULL,
            sample TEXT NOT NULL,
            PRIMARY KEY(file, line, offset)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ignored(
            file INTEGER NOT NULL REFERENCES file(id),
            category TEXT NOT NULL,
            records INTEGER NOT NULL,
            PRIMARY KEY(file, category)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """

    /// What happened, with every repeated text stored once.
    static let events = """
        CREATE TABLE identity(id INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL) STRICT;
        CREATE INDEX identity_folded ON identity(folded);
        CREATE TABLE network(id INTEGER PRIMARY KEY, address TEXT NOT NULL) STRICT;
        CREATE TABLE agent(id INTEGER PRIMARY KEY, sdk TEXT NOT NULL) STRICT;
        CREATE TABLE context(
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            outcome TEXT NOT NULL,
            code INTEGER,
            service TEXT NOT NULL,
            instance TEXT NOT NULL,
            resource_id TEXT NOT NULL,
            category TEXT NOT NULL,
            operation TEXT NOT NULL,
            operation_version TEXT NOT NULL,
            result_type TEXT NOT NULL,
            result_signature TEXT NOT NULL,
            result_description TEXT NOT NULL,
            level TEXT NOT NULL,
            location TEXT NOT NULL,
            protocol TEXT NOT NULL,
            record_type TEXT NOT NULL,
            assigned_hub TEXT NOT NULL,
            enrollment_group TEXT NOT NULL,
            enrollment_type TEXT NOT NULL,
            attestation TEXT NOT NULL,
            status TEXT NOT NULL,
            substatus TEXT NOT NULL,
            error_code TEXT NOT NULL,
            error_message TEXT NOT NULL,
            status_code TEXT NOT NULL,
            auth_type TEXT NOT NULL,
            auth_scope TEXT NOT NULL,
            auth_issuer TEXT NOT NULL,
            allocation_policy TEXT NOT NULL,
            id_scope TEXT NOT NULL,
            module TEXT NOT NULL
        ) STRICT;
        CREATE TABLE event(
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            identity INTEGER REFERENCES identity(id),
            context INTEGER NOT NULL REFERENCES context(id),
            network INTEGER REFERENCES network(id),
            agent INTEGER REFERENCES agent(id),
            target INTEGER REFERENCES identity(id),
            duration INTEGER,
            correlation ANY,
            copies INTEGER NOT NULL,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            PRIMARY KEY(time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE raw_block(
            file INTEGER NOT NULL REFERENCES file(id),
            first_line INTEGER NOT NULL,
            last_line INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY(file, first_line)
        ) STRICT, WITHOUT ROWID;
        """

    /// What DPS said of itself in exports: registration records and enrollments.
    ///
    /// Never a key.
    static let snapshots = """
        CREATE TABLE registration_record(
            hash INTEGER PRIMARY KEY,
            registration_id TEXT NOT NULL,
            folded TEXT NOT NULL,
            device_id TEXT,
            hub TEXT,
            status TEXT,
            substatus TEXT,
            error_code INTEGER,
            error_message TEXT,
            enrollment_group TEXT,
            created INTEGER,
            updated INTEGER,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE enrollment(
            hash INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            device_id TEXT,
            status TEXT,
            attestation TEXT,
            allocation_policy TEXT,
            reprovision_policy TEXT,
            hubs TEXT,
            created INTEGER,
            updated INTEGER,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL
        ) STRICT;
        """

    /// What later versions keep beside the snapshots: the hubs that a DPS instance names as linked.
    static let linkedHubs = """
        CREATE TABLE linked_hub(
            hash INTEGER PRIMARY KEY,
            dps TEXT NOT NULL,
            hub TEXT NOT NULL,
            weight INTEGER,
            applies INTEGER NOT NULL,
            policy TEXT,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL
        ) STRICT;
        """

    /// What the fourth version adds: when and where a record may belong that could not be read.
    static let placesOfRejects = """
        ALTER TABLE reject ADD COLUMN time INTEGER;
        ALTER TABLE reject ADD COLUMN resource TEXT;
        ALTER TABLE reject ADD COLUMN category TEXT;
        ALTER TABLE reject ADD COLUMN identity TEXT;
        ALTER TABLE reject ADD COLUMN previous_time INTEGER;
        ALTER TABLE reject ADD COLUMN next_time INTEGER;
        ALTER TABLE file ADD COLUMN first_time INTEGER;
        ALTER TABLE file ADD COLUMN disorder INTEGER;
        CREATE TABLE file_resource(
            file INTEGER NOT NULL REFERENCES file(id),
            service TEXT NOT NULL,
            instance TEXT NOT NULL,
            PRIMARY KEY(file, service, instance)
        ) STRICT, WITHOUT ROWID;
        """

    /// What a file was taken for, and what decided how its dates are read.
    static let formatsOfFiles = """
        ALTER TABLE file ADD COLUMN formats TEXT NOT NULL DEFAULT '';
        ALTER TABLE file ADD COLUMN dates TEXT NOT NULL DEFAULT '';
        ALTER TABLE file ADD COLUMN dates_why TEXT NOT NULL DEFAULT '';
        """

    /// Raw texts in a table with numbers for its rows: a row of a table without stands in a page only up to a quarter of it,
    /// and the rest of each took pages of its own, two thirds of them empty.
    static let rawBlocksInPages = """
        CREATE TABLE raw_block_in_pages(
            file INTEGER NOT NULL REFERENCES file(id),
            first_line INTEGER NOT NULL,
            last_line INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY(file, first_line)
        ) STRICT;
        INSERT INTO raw_block_in_pages(file, first_line, last_line, data)
        SELECT file, first_line, last_line, data FROM raw_block ORDER BY file, first_line;
        DROP TABLE raw_block;
        ALTER TABLE raw_block_in_pages RENAME TO raw_block;
        """

    /// What parts of a fleet keep: the hours of the logs of all parts, and how many records of a file stand in another too.
    static let parts = """
        CREATE TABLE fleet_hour(
            service TEXT NOT NULL,
            instance TEXT NOT NULL,
            category TEXT NOT NULL,
            hour INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY(service, instance, category, hour)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE part_repetition(file INTEGER PRIMARY KEY REFERENCES file(id), records INTEGER NOT NULL) STRICT;
        """

    /// All of the first version, in the order in which it can be created.
    static let first = [ledger, events, snapshots]
}
