public import GRDB
import Glibc

/// A database beside another, for what is derived while that one is being filled: only one connection can write to a file.
///
/// Nothing in it outlives the run; a crash leaves the file, which the next run that reads files removes.
public struct ScratchDatabase: Sendable {
    /// The only connection.
    public let access: DatabaseQueue
    private let path: String

    /// Makes a new one with the tables of what the correlation derives; it can be read by its owner alone (mode 0600).
    ///
    /// - Parameter path: the database beside which it stands.
    /// - Throws: `StoreError` if the file cannot be made, `DatabaseError`.
    public init(beside path: String, stop: StopSign = .process) throws {
        self.path = Self.path(beside: path)
        unlink(self.path)
        let descriptor = open(self.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, "cannot make \(self.path): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            if let handle = database.sqliteConnection { stop.watch(handle) }
            // It need not survive anything: there is no journal, and nothing waits for the disk.
            try database.execute(
                sql: """
                    PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                    PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2000
                    """
            )
        }
        configuration.allowsUnsafeTransactions = true
        access = try DatabaseQueue(path: self.path, configuration: configuration)
        try access.writeWithoutTransaction { try $0.execute(sql: SchemaDerived.correlation) }
    }

    /// The file beside a database.
    public static func path(beside path: String) -> String { path + "-sweep" }

    /// Removes what a run left that was killed; the caller holds the database's lock.
    static func removeLeftover(beside path: String) { unlink(Self.path(beside: path)) }

    /// Shows its tables to another connection as schema `swept`, then removes them.
    ///
    /// - Parameters:
    ///   - database: a connection outside of a transaction.
    ///   - body: begins and ends the transactions in which they are read.
    /// - Throws: `DatabaseError`, and what `body` throws.
    public func attached<Result>(to database: Database, _ body: () throws -> Result) throws -> Result {
        try access.close()
        try database.execute(sql: "ATTACH DATABASE ? AS swept", arguments: [path])
        defer {
            // A connection that is broken cannot be asked to let go; the file goes all the same.
            try? database.execute(sql: "DETACH DATABASE swept")
            unlink(path)
        }
        return try body()
    }

    /// Copies the rows of all tables but `instance` into the same tables, which are empty, while it is attached.
    ///
    /// SQLite copies rows as they are stored, without taking them apart, where both tables have the same form and no index.
    public static func copyRows(_ database: Database) throws {
        for table in DerivedTables.names.reversed() where table != "instance" {
            let isThere = try Bool.checkedOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM swept.sqlite_master WHERE type = 'table' AND name = ?)",
                arguments: [table]
            )
            if isThere == true { try database.execute(sql: "INSERT INTO main.\(table) SELECT * FROM swept.\(table)") }
        }
    }

    /// Removes it unused.
    public func discard() {
        // It is removed whether or not it could be closed.
        try? access.close()
        unlink(path)
    }
}
