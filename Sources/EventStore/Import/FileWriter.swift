import AzureLogs
import GRDB
import GRDBSQLite
import LogIngest

/// The writing task: a file is in whole or not at all, with its events, texts, rejects and the ledger's row.
///
/// Not `Sendable`: one task owns it. Its statements are used inside of the connection's access only.
final class FileWriter {
    private let database: LogDatabase
    let inserter: EventInserter
    let resolver: DuplicateResolver
    let statements: FileStatements
    let observer: (any ImportObserver)?
    private let walCheckpointer: WALCheckpointer?
    let transaction: SharedTransaction
    /// The paths of files that events were cited by, as far as they were asked for.
    var paths: [Int: String] = [:]
    var report = IngestReport()

    /// The file that is being written.
    var file = FileInHand()
    /// The first file that may be a member of the current archive.
    private(set) var firstMember = 0

    init(_ database: LogDatabase, observer: (any ImportObserver)?) throws {
        self.database = database
        self.observer = observer
        walCheckpointer = database.access is DatabasePool ? WALCheckpointer(database.path) : nil
        transaction = SharedTransaction(walCheckpointer)
        (inserter, resolver, statements) = try database.access.writeWithoutTransaction { connection in
            // The rows' references are right by construction, and are checked in tests; here they would cost a look-up for
            // each of five columns of every event.
            try connection.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0")
            guard let handle = connection.sqliteConnection else {
                throw StoreError(.failed, "the database was closed")
            }
            let inserter = try EventInserter(handle)
            return (inserter, try DuplicateResolver(handle, inserter), try FileStatements(handle))
        }
    }

    /// The accounting so far.
    var result: IngestReport { report }

    /// Takes the next message.
    func take(_ message: WriteMessage) throws {
        do {
            try database.access.writeWithoutTransaction { connection in
                switch message {
                case .done: break
                case .begin(let start): try begin(start, connection)
                case .batch(let batch): try write(batch, connection)
                case .end(let end): try finish(end, connection)
                case .unchanged(let start, let copyOf, let content, let bytes):
                    try unchanged(start, copyOf, content, bytes, connection)
                case .unreadable(let start, let why): try unreadable(start, why, connection)
                case .refused(let start, let format, let bytes, let content):
                    try refused(start, format, bytes, content, connection)
                case .members: firstMember = try nextFile(connection)
                case .archive(let start, let end): try archive(start, end, connection)
                }
            }
        } catch {
            throw StoreError.translate(error, path: database.path)
        }
    }

    /// Commits the whole files that wait for others to share a transaction with.
    func flush() throws {
        do {
            try database.access.writeWithoutTransaction { connection in try transaction.commit(connection) }
        } catch {
            throw StoreError.translate(error, path: database.path)
        }
    }

    /// Counts the file into the open transaction, which is committed once it is full.
    func endFile(_ connection: Database) throws {
        try transaction.add(records: file.counts.lines, changed: file.changed, connection)
    }

    /// Gives up a file that is half written, and puts the connection back as it was.
    func close() {
        do {
            try database.access.writeWithoutTransaction { connection in
                try transaction.end(hasHalfFile: file.start != nil, connection)
                try connection.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000")
            }
            try walCheckpointer?.close()
        } catch {
            // The connection is broken; SQLite rolls the transaction back when the file is opened next.
            file.start = nil
        }
    }

    private func begin(_ start: FileStart, _ connection: Database) throws {
        try transaction.open(connection)
        file = FileInHand(start)
        try resolver.beginFile()
        if let known = start.resumed {
            file.id = known.id
            // What the last reading said of the incomplete line at the end is said again.
            try connection.execute(
                sql: "DELETE FROM reject WHERE file = ? AND (offset >= ? OR line = 0)",
                arguments: [file.id, known.resumeOffset]
            )
            if connection.changesCount > 0 { transaction.noteRejects() }
        } else {
            file.id = try nextFile(connection)
            try insertFile(start, connection)
        }
        paths[file.id] = start.path
    }
}
