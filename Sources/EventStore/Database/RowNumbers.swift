public import GRDB

/// How many rows a table has whose ids are given one by one, from 1 on.
public enum RowNumbers {
    /// The highest id, for lists that have a place for every row; 0 for an empty table.
    ///
    /// - Parameter prepare: compiles a statement.
    /// - Throws: `StoreError` if the ids have gaps that nothing of ours leaves: a list could not be so long.
    public static func highest(of table: String, _ prepare: (String) throws -> PreparedStatement) throws -> Int {
        let statement = try prepare("SELECT coalesce(min(id), 1), coalesce(max(id), 0), count(*) FROM \(table)")
        guard try statement.next() else { return 0 }
        defer { statement.reset() }
        let (lowest, highest, count) = (statement.bits(0), statement.bits(1), statement.bits(2))
        guard lowest >= 1, highest <= Int64(Int32.max), highest <= 2 * count + 1000 else {
            throw StoreError.damaged(
                "table \(table) has \(count) rows and one with the number \(lowest < 1 ? lowest : highest)"
            )
        }
        return Int(highest)
    }

    /// The same on a connection.
    public static func highest(of table: String, _ database: Database) throws -> Int {
        try highest(of: table) { try PreparedStatement(database, $0) }
    }
}
