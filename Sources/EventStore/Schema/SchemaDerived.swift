/// The tables of what follows from the events, as SQL; made anew from the events whenever their form changes.
enum SchemaDerived {
    /// What the correlation writes.
    static let correlation = """
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
            contact_line INTEGER,
            failure TEXT
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
            unauthorized INTEGER NOT NULL,
            last_answered INTEGER,
            last_assigned INTEGER,
            assigned_hub INTEGER REFERENCES instance(id),
            hub_moves INTEGER NOT NULL,
            closest INTEGER,
            failures INTEGER NOT NULL,
            failing_since INTEGER,
            last_failed INTEGER,
            first_answered INTEGER
        ) STRICT;
        CREATE TABLE device_times(
            segment INTEGER NOT NULL,
            identity INTEGER NOT NULL REFERENCES identity(id),
            times BLOB NOT NULL,
            PRIMARY KEY(segment, identity)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE watched(
            identity INTEGER NOT NULL REFERENCES identity(id),
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            noted INTEGER NOT NULL,
            copies INTEGER NOT NULL,
            context INTEGER NOT NULL REFERENCES context(id),
            network INTEGER REFERENCES network(id),
            agent INTEGER REFERENCES agent(id),
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            PRIMARY KEY(identity, time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE unexplained(
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            role TEXT NOT NULL,
            code INTEGER,
            copies INTEGER NOT NULL,
            identity INTEGER REFERENCES identity(id),
            context INTEGER NOT NULL REFERENCES context(id),
            network INTEGER REFERENCES network(id),
            agent INTEGER REFERENCES agent(id),
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            PRIMARY KEY(time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE explained(
            pattern TEXT NOT NULL,
            identity INTEGER NOT NULL REFERENCES identity(id),
            instance INTEGER NOT NULL,
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
        CREATE TABLE doubt(
            service TEXT NOT NULL,
            instance INTEGER NOT NULL,
            identity INTEGER NOT NULL,
            reach TEXT NOT NULL,
            begins INTEGER NOT NULL,
            ends INTEGER NOT NULL,
            records INTEGER NOT NULL,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE doubted(
            attempt INTEGER PRIMARY KEY,
            journey TEXT NOT NULL,
            reason TEXT,
            covered INTEGER NOT NULL,
            contact_time INTEGER,
            contact_hub INTEGER,
            contact_code INTEGER,
            contact_file INTEGER,
            contact_line INTEGER
        ) STRICT;
        CREATE TABLE device_total(
            device INTEGER PRIMARY KEY REFERENCES identity(id),
            registration INTEGER REFERENCES identity(id),
            hub INTEGER REFERENCES instance(id),
            records INTEGER NOT NULL,
            contacts INTEGER NOT NULL,
            connected INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            last_connected INTEGER,
            last_refused INTEGER,
            longest_gap INTEGER NOT NULL,
            agent INTEGER REFERENCES agent(id),
            network INTEGER REFERENCES network(id),
            protocol TEXT,
            is_open INTEGER NOT NULL,
            hub_changes INTEGER NOT NULL,
            first_connected INTEGER
        ) STRICT;
        CREATE TABLE refusal_run(
            device INTEGER NOT NULL REFERENCES identity(id),
            module TEXT NOT NULL,
            hub INTEGER REFERENCES instance(id),
            failure TEXT NOT NULL,
            failures INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            context INTEGER NOT NULL REFERENCES context(id),
            code INTEGER NOT NULL,
            least_code INTEGER NOT NULL,
            greatest_code INTEGER NOT NULL,
            codes INTEGER NOT NULL,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            last_file INTEGER NOT NULL REFERENCES file(id),
            last_line INTEGER NOT NULL,
            PRIMARY KEY(device, module, failure)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE failure_run(
            registration INTEGER NOT NULL REFERENCES identity(id),
            run INTEGER NOT NULL,
            is_open INTEGER NOT NULL,
            device INTEGER REFERENCES identity(id),
            dps INTEGER REFERENCES instance(id),
            enrollment_group TEXT,
            attestation TEXT,
            failure TEXT NOT NULL,
            failures INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            context INTEGER NOT NULL REFERENCES context(id),
            code INTEGER NOT NULL,
            least_code INTEGER NOT NULL,
            greatest_code INTEGER NOT NULL,
            codes INTEGER NOT NULL,
            file INTEGER NOT NULL REFERENCES file(id),
            line INTEGER NOT NULL,
            last_file INTEGER NOT NULL REFERENCES file(id),
            last_line INTEGER NOT NULL,
            PRIMARY KEY(registration, run, failure)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE attempt_total(
            outcome TEXT NOT NULL,
            journey TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            PRIMARY KEY(outcome, journey)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE counted(attempts INTEGER NOT NULL, until INTEGER NOT NULL, unexplained INTEGER NOT NULL) STRICT;
        CREATE TABLE context_total(context INTEGER PRIMARY KEY REFERENCES context(id), records INTEGER NOT NULL) STRICT;
        CREATE TABLE pruned_total(context INTEGER PRIMARY KEY REFERENCES context(id), records INTEGER NOT NULL) STRICT;
        CREATE TABLE hub_minute(
            hub INTEGER NOT NULL REFERENCES instance(id),
            minute INTEGER NOT NULL,
            drops INTEGER NOT NULL,
            refusals INTEGER NOT NULL,
            connects INTEGER NOT NULL,
            sessions INTEGER NOT NULL,
            explained INTEGER NOT NULL,
            PRIMARY KEY(hub, minute)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE operation(
            time INTEGER NOT NULL,
            hash INTEGER NOT NULL,
            PRIMARY KEY(time, hash)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE hour_mark(
            hour INTEGER PRIMARY KEY,
            attempts INTEGER NOT NULL,
            segment INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE checkpoint(
            time INTEGER PRIMARY KEY,
            attempts INTEGER NOT NULL,
            segment INTEGER NOT NULL,
            basis TEXT NOT NULL
        ) STRICT;
        CREATE TABLE checkpoint_part(id INTEGER PRIMARY KEY, state BLOB NOT NULL) STRICT;
        """

    /// What the rules found.
    static let findings = """
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
        CREATE TABLE withheld(
            rule TEXT NOT NULL,
            subject TEXT NOT NULL,
            place TEXT NOT NULL,
            PRIMARY KEY(rule, subject, place)
        ) STRICT, WITHOUT ROWID;
        """

    /// All of it, in the order in which it can be created.
    static let all = [correlation, findings, incidents]

    /// What the findings come to.
    static let incidents = """
        CREATE TABLE incident(incident TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
}

/// The names of the tables of what follows from the events.
public enum DerivedTables {
    /// All that any version has made, in an order in which they can be dropped.
    public static let names = [
        "incident", "withheld", "finding", "checkpoint", "checkpoint_part", "hour_mark", "operation", "hub_minute",
        "context_total", "pruned_total", "attempt_total", "counted", "refusal_run",
        "failure_run", "device_total",
        "registration_total", "device_times", "watched", "unexplained", "explained", "coverage_hour", "doubted",
        "doubt", "attempt", "instance",
    ]
}
