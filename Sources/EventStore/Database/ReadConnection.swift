import GRDB
import GRDBSQLite

/// A connection of SQLite's own that sees one state of a database and changes nothing.
///
/// For statements that are as many as the rules are: GRDB notes of each what it reads, which takes several times what
/// SQLite needs to compile it. Not `Sendable`: one thread owns it.
public final class ReadConnection {
    private var handle: OpaquePointer?
    private let sign: StopSign

    /// Opens a database that others have open too, and begins to see its state.
    ///
    /// - Parameter sign: ends its statements when it is raised.
    /// - Throws: `DatabaseError`.
    public init(_ path: String, _ sign: StopSign = .process) throws {
        self.sign = sign
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(DatabaseFile.plain(path), &handle, flags, nil)
        guard code == SQLITE_OK else {
            let message = handle.map { String(cString: sqlite3_errmsg($0)) }
            sqlite3_close_v2(handle)
            handle = nil
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
        sqlite3_busy_timeout(handle, 10_000)
        // As GRDB has it: a name that is mistyped in double quotes is an error and no text.
        if let handle {
            _disableDoubleQuotedStringLiterals(handle)
            sign.watch(handle)
        }
        // As LogDatabase has it for readers.
        for sql in ["PRAGMA cache_size = -4000", "PRAGMA temp_store = FILE", "BEGIN"] { try execute(sql) }
    }

    // Statements that are left keep it open until they go, too.
    deinit { sqlite3_close_v2(handle) }

    /// Compiles a statement.
    ///
    /// - Throws: `DatabaseError`.
    public func prepare(_ sql: String) throws -> PreparedStatement {
        guard let handle else { throw StoreError(.failed, "the database was closed") }
        return try PreparedStatement(handle, sql)
    }

    /// Runs a statement that gives no rows that are wanted, such as one for a temporary view.
    ///
    /// - Throws: `DatabaseError`.
    public func execute(_ sql: String) throws {
        let statement = try prepare(sql)
        while try statement.next() {}
    }
}
