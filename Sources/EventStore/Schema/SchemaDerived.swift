/// The tables of what follows from the events, as SQL; made again from the events whenever their form changes.
enum SchemaDerived {
    /// What the correlation writes.
    static let correlation = """
        CREATE TABLE instance(
            id INTEGER PRIMARY KEY,
            service TEXT NOT NULL,
            name TEXT NOT NULL,
            UNIQUE(service, name)
        ) STRICT;
        \(AttemptColumn.creation)
        CREATE INDEX attempt_registration ON attempt(registration);
        CREATE INDEX attempt_device ON attempt(device) WHERE device <> spelling;
        \(RegistrationTotalColumn.creation)
        \(DeviceTimesColumn.creation)
        \(WatchedColumn.creation)
        \(UnexplainedColumn.creation)
        \(ExplainedColumn.creation)
        \(CoverageHourColumn.creation)
        \(DoubtColumn.creation)
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
        \(DeviceTotalColumn.creation)
        \(RefusalRunColumn.creation)
        \(FailureRunColumn.creation)
        CREATE TABLE attempt_total(
            outcome TEXT NOT NULL,
            journey TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            PRIMARY KEY(outcome, journey)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE counted(attempts INTEGER NOT NULL, until INTEGER NOT NULL, unexplained INTEGER NOT NULL) STRICT;
        \(ContextTotalColumn.creation)
        CREATE TABLE pruned_total(context INTEGER PRIMARY KEY REFERENCES context(id), records INTEGER NOT NULL) STRICT;
        \(HubMinuteColumn.creation)
        \(OperationColumn.creation)
        \(HourMarkColumn.creation)
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

    /// Findings that share a cause.
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
