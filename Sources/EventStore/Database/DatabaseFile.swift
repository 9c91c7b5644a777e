import GRDB
import GRDBSQLite
import Glibc

/// Tells databases of this program from all other files, by the header alone: nothing is opened for writing, nothing is made.
///
/// SQLite's header holds an application id at byte 68 (https://www.sqlite.org/fileformat.html, section 1.3).
enum DatabaseFile {
    /// The application id of every database of this program: `dpsl`.
    static let applicationId: Int32 = 0x6470_736C

    /// What stands at a path.
    enum State {
        /// Nothing, or an empty file: a new database can be made there.
        case new
        case own
        /// Made before databases had an application id.
        case old
    }

    /// Looks at a path.
    ///
    /// - Throws: `StoreError` of code `notADatabase` for anything that is not ours, `newerVersion` for what a newer build
    ///   wrote, `cannotOpen` with the system's reason.
    static func state(_ path: String) throws(StoreError) -> State {
        var status = stat()
        if stat(path, &status) != 0 {
            if errno == ENOENT { return .new }
            throw StoreError(.cannotOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.notADatabase, "\(path) is no file that could be a database; give another path with --db")
        }
        if status.st_size == 0 { return .new }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(.cannotOpen, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 100)
        let magic = Array("SQLite format 3\0".utf8)
        guard pread(descriptor, &header, header.count, 0) == header.count, header.starts(with: magic) else {
            throw StoreError(
                .notADatabase,
                "\(path) is not a database and was left as it is; give another path with --db"
            )
        }
        let id = header[68..<72].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // A journal beside it may hold the newest pages: what was killed then is judged once SQLite has put them in place.
        let isWhole = access(path + "-wal", F_OK) != 0 && access(path + "-journal", F_OK) != 0
        let isMarked = id == UInt32(bitPattern: applicationId) && !(isWhole && answers(path, foreignSQL))
        if isMarked || id == 0 && answers(path, ownSQL) {
            if answers(path, newerSQL) { throw newer(path) }
            return isMarked ? .own : .old
        }
        throw StoreError(
            .notADatabase,
            "\(path) is no dpslens database but another program's, and was left as it is; give another path with --db"
        )
    }

    /// A path that SQLite takes neither for an address nor for a database in memory, `:memory:`.
    static func plain(_ path: String) -> String {
        path.hasPrefix("file:") || path.hasPrefix(":") ? "./" + path : path
    }

    /// The address of a database that nobody writes, so that SQLite makes no files beside it.
    static func immutable(_ path: String) -> String {
        let bytes = path.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return "file:" + bytes.joined() + "?immutable=1"
    }

    /// Whether it has the tables that every version of ours has.
    private static let ownSQL = """
        SELECT count(*) = 6 FROM sqlite_master WHERE type = 'table'
        AND name IN ('grdb_migrations', 'file', 'reject', 'setting', 'event', 'context')
        """

    /// Whether tables are there that none of ours made, though the header has our id, or triggers, which would change what we
    /// write; a new database has no tables yet.
    private static let foreignSQL = """
        SELECT count(*) FILTER (WHERE type = 'trigger') > 0 OR count(*) FILTER (WHERE type = 'table') > 0
            AND count(*) FILTER (WHERE name = 'grdb_migrations') = 0 FROM sqlite_master
        """

    /// Whether a newer build changed its form.
    ///
    /// The file alone is asked, without what a journal holds: a form that is in the journal only, since the newer build was
    /// killed as it changed it, is refused once the database is open.
    private static let newerSQL: String = {
        let known = SchemaMigrations.migrator.migrations.map { "'\($0)'" }.joined(separator: ", ")
        return "SELECT count(*) > 0 FROM grdb_migrations WHERE identifier NOT IN (\(known))"
    }()

    /// The refusal of a database that a newer build wrote.
    static func newer(_ path: String) -> StoreError {
        StoreError(
            .newerVersion,
            "\(path) was written by a newer dpslens and was left as it is; update dpslens, or give another --db"
        )
    }

    /// Whether a database says yes; one that cannot be asked does not.
    private static func answers(_ path: String, _ sql: String) -> Bool {
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(immutable(path), &handle, flags, nil) == SQLITE_OK else { return false }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { return false }
        return sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 1
    }
}
