import Basics
import EventStore
import GRDB

/// What is counted once of the months that a night's run does not say anything new about.
///
/// How attempts ended is counted up to a number in `attempt_total`, and unexplained errors up to a time; a report counts
/// what came behind, which is little beside months. `Pruner` takes out of the counts what it removes.
enum SettledCounts {
    /// How far behind the newest hour this is, in microseconds: farther than the newest checkpoint, from which the next
    /// run goes on, and than the pause of a hub that logs little, whose next record says more of coverage.
    private static let distance = 25 * Microseconds.hour
    /// How long before the start of a run an error may wait that the run decides, in microseconds; longer than any does.
    private static let wait = 2 * Microseconds.hour

    /// One row an outcome and journey, empty for none, with the number of attempts.
    static let attempts = """
        SELECT outcome, journey, sum(n) AS attempts FROM (
            SELECT outcome, journey, attempts AS n FROM attempt_total
            UNION ALL
            SELECT outcome, coalesce(journey, ''), count(*) FROM attempt
            WHERE id > (SELECT coalesce(max(attempts), 0) FROM counted) GROUP BY 1, 2
        )
        GROUP BY 1, 2 HAVING sum(n) > 0
        """

    /// The number of errors that nothing explains.
    static let unexplained = """
        SELECT (SELECT coalesce(sum(unexplained), 0) FROM counted) + (
            SELECT coalesce(sum(copies), 0) FROM unexplained WHERE time >= (SELECT coalesce(max(until), 0) FROM counted)
        )
        """

    /// Counts what is over and will not be judged again.
    ///
    /// - Parameters:
    ///   - attempt: attempts behind this number were written or judged again by this run.
    ///   - start: where this run began; `.min` for the first event.
    static func update(changed attempt: Int, from start: Int64, _ database: Database) throws {
        var (attempts, until, unexplained) = (0, Int64(0), 0)
        if let row = try CheckedRow.one(database, sql: "SELECT attempts, until, unexplained FROM counted") {
            (attempts, until, unexplained) = (try row[0], try row[1], try row[2])
        }
        if attempts > attempt {
            try database.execute(sql: "DELETE FROM attempt_total")
            attempts = 0
        }
        if start == .min || until > start - wait { (until, unexplained) = (0, 0) }
        var (settled, hour) = (0, Int64(0))
        let mark = """
            SELECT attempts, hour FROM hour_mark WHERE hour <= (SELECT max(hour) FROM hour_mark) - ?
            ORDER BY hour DESC LIMIT 1
            """
        if let row = try CheckedRow.one(database, sql: mark, arguments: [distance]) {
            (settled, hour) = (try row[0], try row[1])
        }
        try database.execute(
            sql: """
                INSERT INTO attempt_total(outcome, journey, attempts)
                SELECT outcome, coalesce(journey, ''), count(*) FROM attempt WHERE id > ? AND id <= ? GROUP BY 1, 2
                ON CONFLICT(outcome, journey) DO UPDATE SET attempts = attempts + excluded.attempts
                """,
            arguments: [attempts, settled]
        )
        let next = max(until, hour)
        unexplained +=
            try Int.checkedOne(
                database,
                sql: "SELECT coalesce(sum(copies), 0) FROM unexplained WHERE time >= ? AND time < ?",
                arguments: [until, next]
            ) ?? 0
        try database.execute(sql: "DELETE FROM counted")
        try database.execute(
            sql: "INSERT INTO counted(attempts, until, unexplained) VALUES(?, ?, ?)",
            arguments: [max(attempts, settled), next, unexplained]
        )
    }
}
