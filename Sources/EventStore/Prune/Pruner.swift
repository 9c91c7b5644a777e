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

        /// Nothing was removed.
        public init() {}
    }

    /// Removes events before a time, with what was derived from them alone.
    ///
    /// The ledger of files stays, so that what was read once is not read again; so do ids, the nights' findings, and of
    /// every registration its latest attempt. Records that findings cite go to `kept_evidence`.
    ///
    /// - Parameters:
    ///   - cutoff: microseconds since 1970; whole hours.
    ///   - places: evidence to be kept, as `path:line`.
    /// - Throws: `DatabaseError`.
    public static func prune(before cutoff: Int64, keeping places: [String], _ connection: Database) throws -> Outcome {
        var outcome = Outcome()
        outcome.evidence = try keep(places, before: cutoff, connection)
        let mark = try Row.fetchOne(
            connection,
            sql: "SELECT hour, attempts, segment FROM hour_mark WHERE hour <= ? ORDER BY hour DESC LIMIT 1",
            arguments: [cutoff]
        )
        // The counts of contexts go on with the sweep, so what leaves them is counted beside.
        try connection.execute(
            sql: """
                INSERT INTO pruned_total(context, records)
                SELECT context, sum(copies) FROM event WHERE time < ? GROUP BY context
                ON CONFLICT(context) DO UPDATE SET records = records + excluded.records
                """,
            arguments: [cutoff]
        )
        try connection.execute(
            sql: """
                UPDATE counted SET troubles = troubles - (
                    SELECT coalesce(sum(copies), 0) FROM unexplained WHERE time < ? AND time < until)
                """,
            arguments: [cutoff]
        )
        outcome.events = try delete("event", "time", cutoff, connection)
        for table in ["unexplained", "watched", "operation"] { _ = try delete(table, "time", cutoff, connection) }
        _ = try delete("hub_minute", "minute", cutoff, connection)
        _ = try delete("coverage_hour", "hour", cutoff, connection)
        try connection.execute(
            sql: "DELETE FROM raw_block WHERE file IN (SELECT id FROM file WHERE last_time < ?)",
            arguments: [cutoff]
        )
        guard let mark else { return outcome }
        try connection.execute(
            sql: """
                INSERT INTO attempt_total(outcome, journey, attempts)
                SELECT outcome, coalesce(journey, ''), -count(*) FROM attempt
                WHERE id <= ? AND ended < ? AND id <= (SELECT coalesce(max(attempts), 0) FROM counted)
                GROUP BY 1, 2
                ON CONFLICT(outcome, journey) DO UPDATE SET attempts = attempts + excluded.attempts
                """,
            arguments: [mark[1] as Int64, cutoff]
        )
        try connection.execute(
            sql: "DELETE FROM attempt WHERE id <= ? AND ended < ?",
            arguments: [mark[1] as Int64, cutoff]
        )
        outcome.attempts = connection.changesCount
        try connection.execute(sql: "DELETE FROM device_times WHERE segment < ?", arguments: [mark[2] as Int64])
        _ = try delete("hour_mark", "hour", mark[0], connection)
        return outcome
    }

    private static func delete(_ table: String, _ column: String, _ cutoff: Int64, _ connection: Database) throws -> Int
    {
        try connection.execute(sql: "DELETE FROM \(table) WHERE \(column) < ?", arguments: [cutoff])
        return connection.changesCount
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
        let rows = try Row.fetchAll(
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
                arguments: [row[0] as String, raw ?? (row[3] as String?) ?? ""]
            )
        }
        try connection.execute(sql: "DROP TABLE temp.cited")
        return rows.count
    }
}
