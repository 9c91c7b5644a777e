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

    /// What nights and prunes say on top: since when a night looks without its overlap, whether it was silent, and what
    /// pruned events had shown.
    static let nights = """
        ALTER TABLE night ADD COLUMN began INTEGER;
        ALTER TABLE night ADD COLUMN silent INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE seen_before(finding_id TEXT PRIMARY KEY, first_seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE pruned_hour(
            service TEXT NOT NULL,
            instance TEXT NOT NULL,
            category TEXT NOT NULL,
            hour INTEGER NOT NULL,
            records INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            PRIMARY KEY(service, instance, category, hour)
        ) STRICT, WITHOUT ROWID;
        DELETE FROM setting WHERE name = 'findings';
        """

    /// Whom incidents struck first whose records were pruned.
    static let anchors = """
        CREATE TABLE incident_anchor(
            finding_id TEXT PRIMARY KEY,
            side TEXT NOT NULL,
            whom TEXT NOT NULL,
            time INTEGER NOT NULL,
            seen INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        DELETE FROM setting WHERE name = 'findings';
        """
}
