public import GRDB
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
            if try access.read(known.hasBeenSuperseded) {
                throw StoreError(
                    .newerVersion,
                    "\(path) was written by a newer dpslens; update dpslens, or give another --db"
                )
            }
            if mode == .readWrite {
                try known.migrate(access)
            } else if try access.read(known.hasCompletedMigrations) == false {
                throw StoreError(
                    .notADatabase,
                    "\(path) is no dpslens database, or an older one; run `dpslens ingest` first"
                )
            }
            return LogDatabase(access: access, path: path, stop: stop)
        } catch {
            throw StoreError.translate(error, path: path)
        }
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
        if mode == .readWrite {
            // Made first, so that there is no moment in which others may read it; SQLite's own files follow its mode.
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else {
                throw StoreError(.cannotOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
            }
            close(descriptor)
            return try DatabasePool(path: path, configuration: configuration(mode, stop))
        }
        guard Glibc.access(path, F_OK) == 0 else {
            throw StoreError(
                .cannotOpen,
                "there is no database at \(path); run `dpslens ingest PATH… --db \(path)` first"
            )
        }
        return try DatabaseQueue(path: path, configuration: configuration(mode, stop))
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
            }
            // Readers have half of it: a rule sorts in several places at once, each within this size.
            let cache = database.configuration.readonly ? 4000 : 8000
            try database.execute(sql: "PRAGMA cache_size = -\(cache); PRAGMA temp_store = FILE")
        }
        return configuration
    }
}
