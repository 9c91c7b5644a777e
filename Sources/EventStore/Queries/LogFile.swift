import GRDB

/// A file that was read, as the ledger knows it.
public struct LogFile: Sendable, Hashable {
    /// The path as it was given; `-` for standard input.
    public var path: String
    /// How records stand in it: `lines`, `stream`, `table` or `csv`.
    public var container: String
    /// Whether it was compressed.
    public var isCompressed: Bool

    /// The newest state of a path.
    ///
    /// - Returns: nil if no such file was read.
    /// - Throws: `DatabaseError`.
    public static func load(_ path: String, in database: LogDatabase) throws -> LogFile? {
        try database.access.read { connection in
            try CheckedRow.one(
                connection,
                sql: """
                    SELECT path, container, bytes_read <> bytes_inflated FROM file WHERE path = ?
                    ORDER BY generation DESC LIMIT 1
                    """,
                arguments: [path]
            ).map { try LogFile(path: $0[0], container: $0[1], isCompressed: $0[2]) }
        }
    }

    /// The paths that a person may have meant: the path itself, else those that end with it after a `/`.
    ///
    /// - Returns: paths in order, at most `most`.
    /// - Throws: `DatabaseError`.
    public static func paths(like text: String, most: Int = 6, in database: LogDatabase) throws -> [String] {
        try database.access.read { connection in
            let all = try String.checkedAll(connection, sql: "SELECT DISTINCT path FROM file ORDER BY path")
            if all.contains(text) { return [text] }
            return Array(all.filter { $0.hasSuffix("/" + text) }.prefix(most))
        }
    }
}
