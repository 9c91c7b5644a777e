public import EventStore
public import GRDB

/// What a prune takes out of the tables that the sweep writes.
///
/// Counts go on with the sweep: `counted` and `attempt_total` hold what stands in the tables up to a mark
/// (`SettledCounts`), so what goes is taken off them. The coverage stays, also where everything is derived again from the
/// events that are left; and of every registration its latest attempt, which has a number above all marks.
public struct DerivedPruning: TablePruning {
    /// The tables of the sweep.
    public init() {}

    /// Removes what followed from old events alone.
    public func prune(before cutoff: Int64, _ connection: Database) throws -> Int {
        try connection.execute(
            sql: """
                UPDATE counted SET unexplained = unexplained - (
                    SELECT coalesce(sum(copies), 0) FROM unexplained
                    WHERE time < ? AND time < until AND coalesce(identity, 0) NOT IN (SELECT identity FROM temp.spared))
                """,
            arguments: [cutoff]
        )
        for table in ["unexplained", "watched"] {
            try connection.execute(
                sql: """
                    DELETE FROM \(table)
                    WHERE time < ? AND coalesce(identity, 0) NOT IN (SELECT identity FROM temp.spared)
                    """,
                arguments: [cutoff]
            )
        }
        try connection.execute(
            sql: """
                DELETE FROM operation WHERE time < ? AND NOT EXISTS (
                    SELECT 1 FROM event e WHERE e.time = operation.time AND e.hash = operation.hash)
                """,
            arguments: [cutoff]
        )
        try connection.execute(
            sql: """
                DELETE FROM failure_run
                WHERE last_time < ? AND registration NOT IN (SELECT identity FROM temp.spared)
                """,
            arguments: [cutoff]
        )
        try connection.execute(sql: "DELETE FROM hub_minute WHERE minute < ?", arguments: [cutoff])
        // What was covered stays so, also where everything is derived again from the events that are left.
        try connection.execute(
            sql: """
                INSERT OR IGNORE INTO pruned_hour(service, instance, category, hour, records, first_time, last_time)
                SELECT n.service, n.name, h.category, h.hour, h.records, h.first_time, h.last_time
                FROM coverage_hour h JOIN instance n ON n.id = h.instance WHERE h.hour < ?
                """,
            arguments: [cutoff]
        )
        let mark = try CheckedRow.one(
            connection,
            sql: "SELECT hour, attempts, segment FROM hour_mark WHERE hour <= ? ORDER BY hour DESC LIMIT 1",
            arguments: [cutoff]
        )
        return try mark.map { try removeAttempts(before: cutoff, $0, connection) } ?? 0
    }

    /// Removes attempts that were over at a mark, and what led to their events.
    private func removeAttempts(before cutoff: Int64, _ mark: CheckedRow, _ connection: Database) throws -> Int {
        let goes = "id <= ? AND ended < ? AND registration NOT IN (SELECT identity FROM temp.spared)"
        try connection.execute(
            sql: """
                INSERT INTO attempt_total(outcome, journey, attempts)
                SELECT outcome, coalesce(journey, ''), -count(*) FROM attempt
                WHERE \(goes) AND id <= (SELECT coalesce(max(attempts), 0) FROM counted)
                GROUP BY 1, 2
                ON CONFLICT(outcome, journey) DO UPDATE SET attempts = attempts + excluded.attempts
                """,
            arguments: [try mark[1] as Int64, cutoff]
        )
        try connection.execute(sql: "DELETE FROM attempt WHERE \(goes)", arguments: [try mark[1] as Int64, cutoff])
        let attempts = connection.changesCount
        try connection.execute(
            sql: "DELETE FROM device_times WHERE segment < ? AND identity NOT IN (SELECT identity FROM temp.spared)",
            arguments: [try mark[2] as Int64]
        )
        try connection.execute(sql: "DELETE FROM hour_mark WHERE hour < ?", arguments: [try mark[0] as Int64])
        return attempts
    }
}
