import EventStore
import GRDB

/// Hours of which a file was read that is cut off: what stood behind the cut is not known.
///
/// Files of logs are written in the order of time, so what is missing came after the last record that could be read, and
/// the hour of that record is not covered to its end. What this does not see: lines that were lost without a trace, and a
/// file of many hours whose records are out of order.
enum IncompleteHours {
    /// Notes these hours in the coverage.
    static func note(in coverage: inout Coverage, _ facts: [ContextFacts], _ words: Words, _ database: Database) throws
    {
        let files = try Row.fetchAll(
            database,
            sql: """
                SELECT f.id, f.last_time FROM file f
                WHERE f.last_time IS NOT NULL AND f.last_time > 0 AND f.copy_of IS NULL
                    AND (f.state <> 'complete' OR EXISTS (
                        SELECT 1 FROM reject r
                        WHERE r.file = f.id AND r.reason = 'truncated-record'
                            AND (f.container <> 'lines' OR f.resume_offset > 0 AND r.offset >= f.resume_offset)))
                ORDER BY f.id
                """
        )
        if files.isEmpty { return }
        let contexts = try database.makeStatement(
            sql: "SELECT DISTINCT context FROM event WHERE time >= ? AND time < ? AND file = ? ORDER BY context"
        )
        for file in files {
            let last: Int64 = file[1]
            let hour = last - last % Coverage.hour
            let found = try Int.fetchAll(contexts, arguments: [hour, hour + Coverage.hour, file[0] as Int])
            for context in found where facts[context].instance != 0 {
                let stream = Coverage.Stream(
                    instance: facts[context].instance,
                    category: words.text(facts[context].category)
                )
                coverage.note(incomplete: hour, of: stream)
            }
        }
    }
}
