import GRDB
import TestSupport

@testable import EventStore

/// A database in memory with what was read into it.
struct Store {
    let database: LogDatabase
    private(set) var report = IngestReport()

    init() throws { database = try LogDatabase.inMemory() }

    /// Reads files and adds to the accounting.
    mutating func ingest(_ paths: [String], options: IngestOptions = IngestOptions()) async throws {
        let more = try await Importer.run(paths, into: database, options: options)
        report.lines += more.lines
        report.stored += more.stored
        report.duplicates += more.duplicates
        report.ignored += more.ignored
        report.rejected += more.rejected
        report.filesUnchanged += more.filesUnchanged
        report.filesRejected += more.filesRejected
        report.files += more.files
    }

    /// Everything that the events say, without where they were read and without numbers of rows.
    func content() throws -> [String] {
        try database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT e.time, e.hash, i.name, t.name, n.address, a.sdk, e.duration, hex(e.correlation), e.copies,
                        c.kind, c.outcome, c.code, c.instance, c.category, c.operation, c.result_type, c.assigned_hub
                    FROM event e JOIN context c ON c.id = e.context
                    LEFT JOIN identity i ON i.id = e.identity LEFT JOIN identity t ON t.id = e.target
                    LEFT JOIN network n ON n.id = e.network LEFT JOIN agent a ON a.id = e.agent
                    ORDER BY e.time, e.hash
                    """
            ).map { row in row.map { "\($0.1)" }.joined(separator: "|") }
        }
    }

    /// Where the events are said to stand.
    func places() throws -> [String] {
        try database.access.read { connection in
            try String.fetchAll(
                connection,
                sql: "SELECT evidence FROM events ORDER BY time, kind, identity, copies, evidence"
            )
        }
    }

    func count(_ sql: String) throws -> Int {
        try database.access.read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }
}
