import GRDB

extension Database {
    /// Runs a statement that is compiled once for a connection: for those that run once a file, of which there may be thousands.
    ///
    /// - Parameter sql: one of few texts, since each stays compiled as long as the connection is open.
    /// - Throws: `DatabaseError`.
    func executeKept(sql: String, arguments: StatementArguments = StatementArguments()) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
