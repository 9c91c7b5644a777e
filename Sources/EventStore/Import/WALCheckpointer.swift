import Dispatch
import GRDB
import GRDBSQLite

/// Brings what is committed from the journal (SQLite's WAL) into its place while more is written.
///
/// SQLite itself does that at a commit once the journal is long, and reading and parsing stand still until the disk has
/// taken all of it. Here a connection of its own does most of it beside the one that writes, which brings what is left;
/// then the journal begins anew, so that it stays as short as it was.
///
/// Not `Sendable`: the writing task owns it.
final class WALCheckpointer {
    /// How often the carrier is sent before the rest is brought: what is written during its second way is little.
    private static let ways = 2

    private let path: String
    /// From how many pages on the journal is carried home.
    private let length: Int
    private var carrier: DatabaseQueue?
    /// Taken while the carrier is on its way.
    private let isHome = DispatchSemaphore(value: 1)
    private var waysGone = 0
    /// Pages written since the journal began anew.
    private var pages = 0

    /// A carrier for the database at a path; nothing is opened until there is something to carry.
    ///
    /// - Parameter length: from how many pages on the journal is carried home; 1000 are 16 MB.
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
        let carrier = try self.carrier ?? open()
        self.carrier = carrier
        guard isHome.wait(timeout: .now()) == .success else { return }
        if waysGone < Self.ways {
            waysGone += 1
            carrier.asyncWriteWithoutTransaction { [isHome] connection in
                Self.bringHome(connection)
                isHome.signal()
            }
        } else {
            Self.bringHome(connection)
            isHome.signal()
            // What somebody who reads an older state keeps from its place is tried again a journal's length later.
            (waysGone, pages) = (0, 0)
        }
    }

    /// Waits until the carrier is not on its way.
    func wait() {
        isHome.wait()
        isHome.signal()
    }

    /// Waits for the carrier and lets it go.
    ///
    /// - Throws: `DatabaseError`.
    func close() throws {
        wait()
        try carrier?.close()
        carrier = nil
    }

    private func open() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "dpslens.journal"
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func bringHome(_ connection: Database) {
        // What cannot be brought stays in the journal, where its commit has put it; a disk that is full or broken is
        // met by the next commit.
        _ = try? connection.checkpoint(.passive)
    }

    /// How many pages went into the journal since this was last asked.
    private static func pagesWritten(_ connection: Database) -> Int {
        var (pages, highest): (Int32, Int32) = (0, 0)
        let isAsked = sqlite3_db_status(connection.sqliteConnection, SQLITE_DBSTATUS_CACHE_WRITE, &pages, &highest, 1)
        return isAsked == SQLITE_OK ? Int(pages) : 0
    }
}
