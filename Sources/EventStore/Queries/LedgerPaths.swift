import GRDB

/// Which files a database was filled from.
public enum LedgerPaths {
    /// The paths of the files whose name, without their folder, is this one; in total order.
    ///
    /// - Throws: `DatabaseError`.
    public static func named(_ name: String, in database: LogDatabase) throws -> [String] {
        try database.access.read { connection in
            try String.checkedAll(
                connection,
                sql: """
                    SELECT DISTINCT path FROM file WHERE path = ? OR substr(path, -length(?)) = ? ORDER BY path
                    """,
                arguments: [name, "/" + name, "/" + name]
            )
        }
    }
}
