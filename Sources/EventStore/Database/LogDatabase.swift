import Basics
public import GRDB
import GRDBSQLite
import Glibc

/// The database of one fleet: opened, migrated and ready to be read or written.
public struct LogDatabase: Sendable {
    /// How a database is opened.
    public enum Mode: Sendable {
        /// Created if it is not there, and brought to this build's form.
        case readWrite
        /// Never written; it must be there and have this build's form.
        case readOnly
    }

    /// GRDB's access to the database; writes are serialised, reads see one snapshot.
    public let access: any DatabaseWriter
    /// The file, `:memory:` for one in memory.
    public let path: String
    /// Ends its statements, and work between them, when it is raised.
    public let stop: StopSign
    /// The file that is written; nil for one that is read or in memory.
    var file: FileIdentity?

    /// Opens the database at a path; a new one can be read by its owner alone (mode 0600).
    ///
    /// - Parameter stop: ends the database's statements when it is raised.
    /// - Throws: `StoreError`.
    public static func open(
        _ path: String,
        _ mode: Mode = .readWrite,
        stop: StopSign = .process
    ) throws -> LogDatabase {
        do {
            let access = try connect(path, mode, stop)
            let known = SchemaMigrations.migrator
            if try access.read(known.hasBeenSuperseded) { throw DatabaseFile.newer(path) }
            if mode == .readWrite {
                try known.migrate(access)
            } else if try access.read(known.hasCompletedMigrations) == false {
                throw StoreError(
                    .notADatabase,
                    "\(path) is no dpslens database, or an older one; run `dpslens ingest` first"
                )
            }
            let file = mode == .readWrite ? FileIdentity(path) : nil
            return LogDatabase(access: access, path: DatabaseFile.plain(path), stop: stop, file: file)
        } catch {
            throw StoreError.translate(error, path: path)
        }
    }

    /// Looks whether the file that is written is the one that the path leads to.
    ///
    /// The system lets a process write a file that was removed or replaced, and all of it is lost when the process ends.
    ///
    /// - Throws: `StoreError` of code `failed` if it is not.
    public func checkPlace() throws(StoreError) {
        guard let file, FileIdentity(path) != file else { return }
        throw StoreError(
            .failed,
            "\(path) was removed or replaced while it was written, and what this run wrote is lost; remove what is left"
                + " of it (\(path)-wal, \(path)-shm), or put a whole copy in its place, and run again"
        )
    }

    /// Opens a database in memory, for tests and for rule cases.
    ///
    /// - Throws: `DatabaseError` if SQLite refuses.
    public static func inMemory(stop: StopSign = .process) throws -> LogDatabase {
        let queue = try DatabaseQueue(configuration: configuration(.readWrite, stop))
        try SchemaMigrations.migrator.migrate(queue)
        return LogDatabase(access: queue, path: ":memory:", stop: stop)
    }

    private static func connect(_ path: String, _ mode: Mode, _ stop: StopSign) throws -> any DatabaseWriter {
        let state = try DatabaseFile.state(path)
        let place = DatabaseFile.plain(path)
        if mode == .readWrite {
            // Made first, so that there is no moment in which others may read it; SQLite's own files follow its mode.
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw StoreError(.cannotOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
            }
            // An empty file that was there has the mode that somebody's umask left.
            let isClosed = state != .new || fchmod(descriptor, 0o600) == 0
            close(descriptor)
            guard isClosed else {
                throw StoreError(.cannotOpen, "cannot keep \(path) from others: it is not yours; give another --db")
            }
            let pool = try DatabasePool(path: place, configuration: configuration(mode, stop))
            if state == .old {
                try pool.write { try $0.execute(sql: "PRAGMA application_id = \(DatabaseFile.applicationId)") }
            }
            return pool
        }
        guard Glibc.access(path, F_OK) == 0 else {
            throw StoreError(
                .cannotOpen,
                "there is no database at \(path); run `dpslens ingest PATH… --db \(path)` first"
            )
        }
        do {
            let queue = try DatabaseQueue(path: place, configuration: configuration(mode, stop))
            _ = try queue.read { try Int.checkedOne($0, sql: "SELECT count(*) FROM sqlite_master") }
            return queue
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR].contains(error.resultCode)
        {
            // Its folder cannot be written, so SQLite cannot make the files that readers of a journal share.
            return try unchanging(path, stop)
        }
    }

    /// A database on a medium that cannot be written: read where it stands, or from a copy where a journal lies beside it.
    private static func unchanging(_ path: String, _ stop: StopSign) throws -> any DatabaseWriter {
        var status = stat()
        let hasJournal = stat(path + "-wal", &status) == 0 && status.st_size > 0
        if !hasJournal, sqlite3_compileoption_used("USE_URI") != 0 {
            return try DatabaseQueue(path: DatabaseFile.immutable(path), configuration: configuration(.readOnly, stop))
        }
        try DatabaseLock.checkFree(path)
        let folder = try CopiedFiles([path, path + "-wal"])
        defer { folder.remove() }
        let source = try DatabaseQueue(path: folder.first, configuration: configuration(.readWrite, stop))
        return try copy(of: source, stop)
    }

    /// A private copy of a database that goes with the connection: it holds what is derived where the file cannot be written.
    ///
    /// - Throws: `StoreError`, such as for a full disk.
    public func copied() throws -> LogDatabase {
        do {
            return LogDatabase(access: try Self.copy(of: access, stop), path: ":memory:", stop: stop)
        } catch {
            throw StoreError.translate(error, path: path)
        }
    }

    private static func copy(of source: any DatabaseReader, _ stop: StopSign) throws -> DatabaseQueue {
        // SQLite keeps a database without a name in a file of its own, which it removes.
        let queue = try DatabaseQueue(path: "", configuration: configuration(.readWrite, stop))
        try source.backup(to: queue)
        return queue
    }

    /// Puts the application id into a database without tables.
    ///
    /// That is before its journal is one beside the file, so the mark is in the file from its first byte on. What the file
    /// was before it was opened does not tell whether it is empty: SQLite takes back first what a run left that was killed
    /// while it made the file, mark and all.
    private static func mark(_ database: Database) throws {
        guard try Int.checkedOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else { return }
        if try Int.checkedOne(database, sql: "PRAGMA application_id") == Int(DatabaseFile.applicationId) { return }
        try database.execute(sql: "PRAGMA application_id = \(DatabaseFile.applicationId)")
    }

    private static func configuration(_ mode: Mode, _ stop: StopSign) -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.readonly = mode == .readOnly
        // The importer's transactions span many calls: one for each file.
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { database in
            if let handle = database.sqliteConnection { stop.watch(handle) }
            if mode == .readWrite {
                try database.execute(sql: "PRAGMA page_size = 16384; PRAGMA synchronous = NORMAL")
                if !database.configuration.readonly { try mark(database) }
            }
            // Readers have half of it: a rule sorts in several places at once, each within this size.
            let cache = database.configuration.readonly ? 4000 : 8000
            try database.execute(sql: "PRAGMA cache_size = -\(cache); PRAGMA temp_store = FILE")
        }
        return configuration
    }
}
