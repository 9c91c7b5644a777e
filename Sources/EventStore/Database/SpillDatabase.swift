import FoundationEssentials
public import GRDB

/// A database for lists that may be too long for memory: SQLite keeps it in a file of its own once it is larger than a cache of
/// two megabytes, and removes the file with it, however the process ends.
///
/// The file has no name and lies where SQLite keeps what it sorts: in `SQLITE_TMPDIR`, `TMPDIR`, `/var/tmp` or `/tmp`.
public struct SpillDatabase: Sendable {
    /// Orders texts as Swift does, which is how all outputs are in order: `COLLATE outputs`.
    private static let collation = DatabaseCollation("outputs") { a, b in
        a < b ? .orderedAscending : a == b ? .orderedSame : .orderedDescending
    }

    private let queue: DatabaseQueue

    /// Makes one with tables.
    ///
    /// - Parameters:
    ///   - schema: the statements that make them.
    ///   - stop: ends its statements when it is raised.
    /// - Throws: `StoreError`.
    public init(_ schema: String, stop: StopSign = .process) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.prepareDatabase { database in
            if let handle = database.sqliteConnection { stop.watch(handle) }
            // It need not survive anything.
            try database.execute(
                sql:
                    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -2000; PRAGMA temp_store = FILE"
            )
            database.add(collation: Self.collation)
        }
        queue = try Self.telling { try DatabaseQueue(path: "", configuration: configuration) }
        try write { try $0.execute(sql: schema) }
    }

    /// Works in one transaction with it; one after the other if several threads do.
    ///
    /// - Throws: `StoreError` where SQLite cannot, and what `body` throws.
    public func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.telling { try queue.write(body) }
    }

    /// Reads from it.
    ///
    /// - Throws: as `write`.
    public func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try Self.telling { try queue.read(body) }
    }

    private static func telling<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError where error.resultCode != .SQLITE_INTERRUPT {
            switch error.resultCode {
            case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN: throw StoreError.noRoomToSort
            default: throw StoreError(.failed, "a temporary database: \(error.message ?? "no reason given")")
            }
        }
    }
}
