import AzureLogs
import EventStore
import GRDB

/// Takes back what the sweep said of attempts for which the logs do not cover the time: it did not know their ends yet.
enum CoverageCheck {
    /// Judges the attempts behind a number that ended at a time or later, and those that are named.
    ///
    /// - Parameter also: attempts that ended earlier and of which the sweep has said something again.
    static func apply(
        _ coverage: Coverage,
        window: Int64,
        since: (time: Int64, attempt: Int),
        also revised: [Int64],
        _ database: Database
    ) throws {
        let columns = "SELECT id, hub, ended, journey = 'silent' FROM attempt WHERE covered = 1"
        let attempts = try PreparedStatement(database, "\(columns) AND id > ? AND ended >= ? ORDER BY id")
        attempts.bind(1, Int64(since.attempt))
        attempts.bind(2, since.time)
        let one = try PreparedStatement(database, "\(columns) AND id = ?")
        let update = try PreparedStatement(
            database,
            """
            UPDATE attempt SET covered = 0, journey = CASE WHEN journey = 'silent' THEN 'undetermined' ELSE journey END,
                reason = coalesce(?, reason)
            WHERE id = ?
            """
        )
        func judge(_ row: PreparedStatement) throws {
            let stream = Coverage.Stream(instance: Int(row.integer(1)), category: .connections)
            let (id, ended) = (row.integer(0), row.integer(2))
            if coverage.covers(stream, from: ended, to: ended + window) { return }
            if row.integer(3) == 1 {
                update.bind(1, coverage.runEnd(stream, from: ended) == nil ? "no-coverage" : "coverage-ended")
            } else {
                update.bindNull(1)
            }
            update.bind(2, id)
            try update.run()
        }
        while try attempts.next() { try judge(attempts) }
        for id in revised {
            one.bind(1, id)
            if try one.next() { try judge(one) }
            one.reset()
        }
    }

    /// Gives attempts back what the sweep said of them, so that they can be judged by a coverage that has grown.
    ///
    /// - Returns: the time since when, and the number behind which, attempts are to be judged. The windows of earlier
    ///   ones end before any hour in which the coverage has grown.
    static func reopen(
        _ start: SweepStart,
        known: Coverage,
        grown: Coverage,
        window: Int64,
        _ database: Database
    ) throws -> (time: Int64, attempt: Int) {
        var from = start.time
        for stream in grown.hours.keys where stream.category == .connections {
            // The last covered hour of a stream ends with its last record as long as nothing comes after it.
            if let last = known.hours[stream]?.last { from = min(from, last.start) }
        }
        from -= window
        let behind =
            try Int.checkedOne(
                database,
                sql: "SELECT attempts FROM hour_mark WHERE hour <= ? ORDER BY hour DESC LIMIT 1",
                arguments: [from]
            ) ?? 0
        try database.execute(
            sql: """
                UPDATE attempt SET covered = 1,
                    journey = CASE WHEN reason IN ('no-coverage', 'coverage-ended') THEN 'silent' ELSE journey END,
                    reason = CASE WHEN reason IN ('no-coverage', 'coverage-ended') THEN 'window' ELSE reason END
                WHERE id > ? AND ended >= ? AND covered = 0 AND hub IS NOT NULL AND journey IS NOT NULL
                """,
            arguments: [behind, from]
        )
        return (from, behind)
    }
}
