import EventStore
import GRDB

/// Takes back what the sweep said of attempts for which the logs do not cover the time: it did not know their ends yet.
enum CoverageCheck {
    static func apply(_ coverage: Coverage, window: Int64, _ database: Database) throws {
        let attempts = try PreparedStatement(
            database,
            "SELECT id, hub, ended, journey = 'silent' FROM attempt WHERE covered = 1 ORDER BY id"
        )
        let update = try PreparedStatement(
            database,
            """
            UPDATE attempt SET covered = 0, journey = CASE WHEN journey = 'silent' THEN 'undetermined' ELSE journey END,
                reason = coalesce(?, reason)
            WHERE id = ?
            """
        )
        while try attempts.next() {
            let stream = Coverage.Stream(instance: Int(attempts.integer(1)), category: Coverage.connections)
            let ended = attempts.integer(2)
            if coverage.covers(stream, from: ended, to: ended + window) { continue }
            if attempts.integer(3) == 1 {
                update.bind(1, coverage.runEnd(stream, from: ended) == nil ? "no-coverage" : "coverage-ended")
            } else {
                update.bindNull(1)
            }
            update.bind(2, attempts.integer(0))
            try update.run()
        }
    }
}
