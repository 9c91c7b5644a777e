public import GRDB

/// Removes old events, and keeps what kept findings cite.
public enum Pruner {
    /// What was removed.
    public struct Outcome: Sendable, Hashable {
        /// Events.
        public var events = 0
        /// Registration attempts that were over.
        public var attempts = 0
        /// Records that findings cite and that were kept as text.
        public var evidence = 0
        /// Devices and registrations with open findings, of which everything stays.
        public var spared = 0
        /// Events of these, and changes through the service API, that are older and stay.
        public var sparedEvents = 0

        /// Nothing was removed.
        public init() {}
    }

    /// The time before which events were pruned, in microseconds since 1970; 0 for none.
    public static func prunedBefore(_ connection: Database) throws -> Int64 {
        try Int64.checkedOne(connection, sql: "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'pruned-before'")
            ?? 0
    }

    /// Removes events before a time, with what other rooms derived from them alone.
    ///
    /// The ledger of files stays, so that what was read once is not read again; so do ids, the nights' findings, the coverage,
    /// and of every registration its latest attempt. Records that findings cite go to `kept_evidence`. Everything stays of
    /// devices that are spared, so that what rests on it can be judged again; so do operations of the service API that are
    /// no reads by their names: they say what was changed before.
    ///
    /// - Parameters:
    ///   - cutoff: microseconds since 1970; whole hours.
    ///   - places: evidence to be kept, as `path:line`.
    ///   - names: registration and device ids in lower case that are spared.
    ///   - isTrial: whether to say what would go and change nothing.
    ///   - others: the tables of other rooms, pruned after the events in this order.
    /// - Throws: `DatabaseError`.
    public static func prune(
        before cutoff: Int64,
        keeping places: [String],
        sparing names: Set<String> = [],
        isTrial: Bool = false,
        _ others: [any TablePruning],
        _ connection: Database
    ) throws -> Outcome {
        var outcome = Outcome()
        try connection.inSavepoint {
            outcome = try remove(before: cutoff, keeping: places, sparing: names, others, connection)
            return isTrial ? .rollback : .commit
        }
        return outcome
    }

    private static func remove(
        before cutoff: Int64,
        keeping places: [String],
        sparing names: Set<String>,
        _ others: [any TablePruning],
        _ connection: Database
    ) throws -> Outcome {
        var outcome = Outcome()
        outcome.evidence = try keep(places, before: cutoff, connection)
        outcome.spared = try spare(names, connection)
        let goes = """
            time < ? AND NOT EXISTS (SELECT 1 FROM temp.spared s WHERE s.identity = event.identity)
                AND context NOT IN (
                    SELECT id FROM context WHERE kind = 'service-operation' AND lower(operation) NOT LIKE 'get%'
                        AND lower(operation) NOT LIKE 'query%' AND lower(operation) NOT LIKE 'list%')
            """
        // The counts of contexts go on with the sweep, so what leaves them is counted beside.
        try connection.execute(
            sql: """
                INSERT INTO pruned_total(context, records)
                SELECT context, sum(copies) FROM event WHERE \(goes) GROUP BY context
                ON CONFLICT(context) DO UPDATE SET records = records + excluded.records
                """,
            arguments: [cutoff]
        )
        try connection.execute(sql: "DELETE FROM event WHERE \(goes)", arguments: [cutoff])
        outcome.events = connection.changesCount
        outcome.sparedEvents =
            try Int.checkedOne(connection, sql: "SELECT count(*) FROM event WHERE time < ?", arguments: [cutoff]) ?? 0
        for tables in others { outcome.attempts += try tables.prune(before: cutoff, connection) }
        try connection.execute(
            sql: """
                DELETE FROM raw_block WHERE file IN (SELECT id FROM file WHERE last_time < ?)
                    AND file NOT IN (SELECT file FROM event WHERE time < ?)
                """,
            arguments: [cutoff, cutoff]
        )
        try connection.execute(
            sql: """
                INSERT INTO setting(name, value) VALUES('pruned-before', ?)
                ON CONFLICT(name) DO UPDATE
                SET value = CAST(max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)
                """,
            arguments: [String(cutoff)]
        )
        try connection.execute(sql: "DROP TABLE temp.spared")
        return outcome
    }

    /// Notes the identities of names, in all spellings, with the devices of registrations and the registrations of devices.
    private static func spare(_ names: Set<String>, _ connection: Database) throws -> Int {
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS spared(identity INTEGER PRIMARY KEY);
                DELETE FROM temp.spared
                """
        )
        let insert = try connection.cachedStatement(
            sql: "INSERT OR IGNORE INTO temp.spared(identity) SELECT id FROM identity WHERE folded = ?"
        )
        for name in names.sorted() { try insert.execute(arguments: [name]) }
        try connection.execute(
            sql: """
                INSERT OR IGNORE INTO temp.spared(identity)
                SELECT device FROM registration_total
                WHERE device IS NOT NULL AND registration IN (SELECT identity FROM temp.spared);
                INSERT OR IGNORE INTO temp.spared(identity)
                SELECT registration FROM device_total
                WHERE registration IS NOT NULL AND device IN (SELECT identity FROM temp.spared)
                """
        )
        return names.count
    }

    /// Copies cited records that are about to go, as their raw text or, where that was not kept, as what was read of them.
    private static func keep(_ places: [String], before cutoff: Int64, _ connection: Database) throws -> Int {
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS cited(
                    file INTEGER NOT NULL, line INTEGER NOT NULL, place TEXT NOT NULL, PRIMARY KEY(file, line)
                ) WITHOUT ROWID;
                DELETE FROM temp.cited
                """
        )
        for place in places {
            guard let colon = place.lastIndex(of: ":"), let line = Int(place[place.index(after: colon)...]) else {
                continue
            }
            try connection.execute(
                sql: "INSERT OR IGNORE INTO temp.cited(file, line, place) SELECT id, ?, ? FROM file WHERE path = ?",
                arguments: [line, place, String(place[..<colon])]
            )
        }
        let rows = try CheckedRow.all(
            connection,
            sql: """
                SELECT c.place, f.path, c.line, (
                    SELECT json_object('time', v.time_utc, 'kind', v.kind, 'outcome', v.outcome, 'code', v.code,
                        'identity', v.identity, 'instance', v.instance, 'category', v.category, 'operation', v.operation,
                        'resultType', v.result_type, 'resultDescription', v.result_description,
                        'assignedHub', v.assigned_hub, 'enrollmentGroup', v.enrollment_group,
                        'errorMessage', v.error_message, 'network', v.network, 'sdk', v.sdk)
                    FROM events v WHERE v.time = e.time AND v.file = f.path AND v.line = e.line
                )
                FROM event e
                JOIN temp.cited c ON c.file = e.file AND c.line = e.line
                JOIN file f ON f.id = e.file
                WHERE e.time < ? AND c.place NOT IN (SELECT place FROM kept_evidence)
                ORDER BY c.place
                """,
            arguments: [cutoff]
        )
        for row in rows {
            let raw = try RawRecords.text(path: row[1], line: row[2], connection)
            try connection.execute(
                sql: "INSERT OR IGNORE INTO kept_evidence(place, record) VALUES(?, ?)",
                arguments: [try row[0] as String, try raw ?? (row[3] as String?) ?? ""]
            )
        }
        try connection.execute(sql: "DROP TABLE temp.cited")
        return rows.count
    }
}
