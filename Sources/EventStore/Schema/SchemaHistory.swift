/// The tables of what no log says again: the nights' findings, and the evidence of those whose logs were pruned.
enum SchemaHistory {
    /// The tables as SQL.
    static let tables = """
        CREATE TABLE night(
            night TEXT PRIMARY KEY,
            window_from INTEGER NOT NULL,
            window_to INTEGER NOT NULL,
            changed_since INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE night_finding(
            night TEXT NOT NULL,
            finding_id TEXT NOT NULL,
            state TEXT NOT NULL,
            suppressed INTEGER NOT NULL,
            since TEXT NOT NULL,
            PRIMARY KEY(finding_id, night)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX night_finding_night ON night_finding(night);
        CREATE TABLE tracked(finding_id TEXT PRIMARY KEY, night TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE kept_evidence(place TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID;
        """
}
