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

    /// What follows from the events; rebuilt by the correlation whenever they change.
    static let derived = """
        CREATE TABLE instance(
            id INTEGER PRIMARY KEY,
            service TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE(service, name)
        ) STRICT;
        CREATE TABLE attempt(
            id INTEGER PRIMARY KEY,
            registration INTEGER NOT NULL REFERENCES identity(id),
            spelling INTEGER NOT NULL REFERENCES identity(id),
            started INTEGER NOT NULL,
            ended INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            code INTEGER,
            context INTEGER NOT NULL REFERENCES context(id),
            dps INTEGER REFERENCES instance(id),
            enrollment_group TEXT,
            attestation TEXT,
            network INTEGER REFERENCES network(id),
            duration INTEGER,
            records INTEGER NOT NULL,
            benign TEXT,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            hub INTEGER REFERENCES instance(id),
            basis TEXT,
            device INTEGER REFERENCES identity(id),
            journey TEXT,
            reason TEXT,
            covered INTEGER NOT NULL,
            contact_time INTEGER,
            contact_hub INTEGER REFERENCES instance(id),
            contact_code INTEGER,
            contact_file INTEGER REFERENCES file(id),
            contact_line INTEGER
        ) STRICT;
        CREATE INDEX attempt_registration ON attempt(registration);
        CREATE INDEX attempt_device ON attempt(device) WHERE device <> spelling;
        CREATE TABLE registration_total(
            registration INTEGER PRIMARY KEY REFERENCES identity(id),
            device INTEGER REFERENCES identity(id),
            dps INTEGER REFERENCES instance(id),
            enrollment_group TEXT,
            attempts INTEGER NOT NULL,
            answered INTEGER NOT NULL,
            unauthorized INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE device_times(
            segment INTEGER NOT NULL,
            identity INTEGER NOT NULL REFERENCES identity(id),
            times BLOB NOT NULL,
            PRIMARY KEY(segment, identity)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE watched(
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            PRIMARY KEY(time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE unexplained(
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            role TEXT NOT NULL,
            PRIMARY KEY(time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE explained(
            pattern TEXT NOT NULL,
            identity INTEGER NOT NULL REFERENCES identity(id),
            instance INTEGER NOT NULL REFERENCES instance(id),
            events INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY(pattern, identity, instance)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE coverage_hour(
            instance INTEGER NOT NULL REFERENCES instance(id),
            category TEXT NOT NULL,
            hour INTEGER NOT NULL,
            records INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY(instance, category, hour)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE finding(
            finding_id TEXT PRIMARY KEY,
            rule TEXT NOT NULL,
            severity TEXT NOT NULL,
            confidence TEXT NOT NULL,
            status TEXT NOT NULL,
            subject_kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            registration_id TEXT,
            device_id TEXT,
            enrollment_group TEXT,
            dps TEXT,
            hub TEXT,
            first_seen INTEGER,
            last_seen INTEGER,
            occurrences INTEGER NOT NULL,
            incident TEXT,
            reason TEXT NOT NULL,
            summary TEXT NOT NULL,
            fix TEXT NOT NULL,
            evidence TEXT NOT NULL
        ) STRICT;
        """

    /// All of it, in the order in which it can be created.
    static let all = [ledger, events, snapshots, derived]
}
