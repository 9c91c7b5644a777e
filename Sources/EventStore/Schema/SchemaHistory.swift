import GRDB

/// The tables of what no event says again: the nights' findings and incidents.
enum SchemaHistory {
    /// Creates them.
    static func create(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE night(
                    id INTEGER PRIMARY KEY,
                    as_of INTEGER NOT NULL UNIQUE,
                    window_from INTEGER NOT NULL,
                    window_to INTEGER NOT NULL,
                    basis TEXT NOT NULL
                ) STRICT;
                CREATE TABLE night_finding(
                    night INTEGER NOT NULL REFERENCES night(id) ON DELETE CASCADE,
                    finding_id TEXT NOT NULL,
                    status TEXT NOT NULL,
                    since INTEGER NOT NULL,
                    data TEXT NOT NULL,
                    PRIMARY KEY(night, finding_id)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE night_incident(
                    night INTEGER NOT NULL REFERENCES night(id) ON DELETE CASCADE,
                    incident TEXT NOT NULL,
                    data TEXT NOT NULL,
                    PRIMARY KEY(night, incident)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE kept_evidence(
                    place TEXT PRIMARY KEY,
                    record TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
