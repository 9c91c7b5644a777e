import Dispatch
import GRDB
import GRDBSQLite

/// Checkpoints SQLite's WAL in the background: writes what is committed there into the database while more is written.
///
/// SQLite itself does that at a commit once the WAL is long, and reading and parsing wait until the disk has taken all of
/// it. Here a second connection does most of it beside the one that writes, which does the rest; then the WAL starts
/// over, so that it stays short.
///
/// Not `Sendable`: the writing task owns it.
final class WALCheckpointer {
    /// How often the second connection checkpoints before the first does the rest: little is written during the second time.
    private static let rounds = 2

    private let path: String
    /// From how many pages on the WAL is checkpointed.
    private let length: Int
    private var second: DatabaseQueue?
    /// Taken while the second connection checkpoints.
    private let isIdle = DispatchSemaphore(value: 1)
    private var roundsDone = 0
    /// Pages written since the WAL started over.
    private var pages = 0

    /// A checkpointer for the database at a path; the second connection is opened when the WAL is first long enough.
    ///
    /// - Parameter length: from how many pages on the WAL is checkpointed; 1000 are 16 MB.
    init(_ path: String, length: Int = 1000) {
        self.path = path
        self.length = length
    }

    /// Takes note of a commit of the writing connection.
    ///
    /// - Throws: `DatabaseError` if the database cannot be opened once more.
    func committed(_ connection: Database) throws {
        pages += Self.pagesWritten(connection)
        guard pages >= length else { return }
        let second = try self.second ?? open()
        self.second = second
        guard isIdle.wait(timeout: .now()) == .success else { return }
        if roundsDone < Self.rounds {
            roundsDone += 1
            second.asyncWriteWithoutTransaction { [isIdle] connection in
                Self.checkpoint(connection)
                isIdle.signal()
            }
        } else {
            Self.checkpoint(connection)
            isIdle.signal()
            // What a reader of an older state holds back is tried again when the WAL is that long once more.
            (roundsDone, pages) = (0, 0)
        }
    }

    /// Waits until the second connection is idle.
    func wait() {
        isIdle.wait()
        isIdle.signal()
    }

    /// Waits for the second connection and closes it.
    ///
    /// - Throws: `DatabaseError`.
    func close() throws {
        wait()
        try second?.close()
        second = nil
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "dpslens.wal"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func checkpoint(_ connection: Database) {
        // What cannot be written into the database stays in the WAL, where its commit put it; the next commit meets a
        // disk that is full or broken.
        _ = try? connection.checkpoint(.passive)
    }

    /// How many pages were written to the WAL since this was last asked.
    private static func pagesWritten(_ connection: Database) -> Int {
        var (pages, highest): (Int32, Int32) = (0, 0)
        let isAsked = sqlite3_db_status(connection.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 1)
        return isAsked == SQLITE_OK ? Int(pages) : 0
    }
}
