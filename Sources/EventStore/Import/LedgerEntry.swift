import GRDB

/// What the ledger knows of a file's latest generation.
struct LedgerEntry: Sendable {
    var id: Int
    var path: String
    var generation: Int
    var container: String
    var bytesRead: Int
    var content: [UInt8]
    var resumeOffset: Int
    var resumeLine: Int
    /// What decided the order of its dates, see `FileDates.Basis`.
    var dates = ""

    /// All files of the database, the latest generation of each path last.
    static func all(_ database: Database) throws -> [LedgerEntry] {
        try CheckedRow.all(
            database,
            sql: """
                SELECT id, path, generation, container, bytes_read, content, resume_offset, resume_line, dates
                FROM file ORDER BY path, generation
                """
        ).map { row in
            try LedgerEntry(
                id: row[0],
                path: row[1],
                generation: row[2],
                container: row[3],
                bytesRead: row[4],
                content: (row[5] as CheckedBytes).bytes,
                resumeOffset: row[6],
                resumeLine: row[7],
                dates: row[8]
            )
        }
    }
}
