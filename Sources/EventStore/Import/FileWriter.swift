import AzureLogs
import GRDB
import GRDBSQLite
import LogIngest

/// The writing task: a file is in whole or not at all, with its events, texts, rejects and the ledger's row.
///
/// Not `Sendable`: one task owns it. Its statements are used inside of the connection's access only.
final class FileWriter {
    private let database: LogDatabase
    private let inserter: EventInserter
    private let resolver: DuplicateResolver
    private let newIdentity: PreparedStatement
    private let newNetwork: PreparedStatement
    private let newAgent: PreparedStatement
    private let newContext: PreparedStatement
    private let newResource: PreparedStatement
    private let observer: (any ImportObserver)?
    private let journal: WALCheckpointer?
    private let transaction: SharedTransaction
    private var paths: [Int: String] = [:]
    private var report = IngestReport()

    private var start: FileStart?
    private var fileId = 0
    private var counts = IngestReport()
    /// The time of the earliest event that this file added or changed; `.max` for none.
    private var changed = Int64.max
    /// The time of this file's latest event; `.min` for none.
    private var lastTime = Int64.min
    /// The time of this file's earliest event; `.max` for none.
    private var firstTime = Int64.max
    /// How far this file's records are out of order, in microseconds.
    private var disorder: Int64 = 0
    /// Files by whose lines events were cited until this one was read.
    private var displaced: Set<Int> = []
    /// The first file that may be a member of the archive in hand.
    private var firstMember = 0
    /// The contexts of this file's events, by their ids.
    private var contexts: Set<Int32> = []
    /// Which of this file's raw texts are of lines that nothing is cited by.
    private var owners = RawTextOwners()

    init(_ database: LogDatabase, ledger: [LedgerEntry], observer: (any ImportObserver)?) throws {
        self.database = database
        self.observer = observer
        journal = database.access is DatabasePool ? WALCheckpointer(database.path) : nil
        transaction = SharedTransaction(journal)
        for entry in ledger { paths[entry.id] = entry.path }
        (inserter, resolver, newIdentity, newNetwork, newAgent, newContext, newResource) = try database.access
            .writeWithoutTransaction {
                connection in
                // The rows' references are right by construction, and are checked in tests; here they would cost a
                // look-up for each of five columns of every event.
                try connection.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0")
                guard let handle = connection.sqliteConnection else {
                    throw StoreError(.failed, "the database was closed")
                }
                let inserter = try EventInserter(handle)
                return (
                    inserter, try DuplicateResolver(handle, inserter),
                    try PreparedStatement(handle, "INSERT INTO identity(id, name, folded) VALUES(?, ?, ?)"),
                    try PreparedStatement(handle, "INSERT INTO network(id, address) VALUES(?, ?)"),
                    try PreparedStatement(handle, "INSERT INTO agent(id, sdk) VALUES(?, ?)"),
                    try ContextRows.inserting(handle),
                    try PreparedStatement(
                        handle,
                        """
                        INSERT OR IGNORE INTO file_resource(file, service, instance)
                        SELECT ?, service, instance FROM context WHERE id = ?
                        """
                    )
                )
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

    /// Counts a whole file into the open transaction.
    private func fileIsWhole(_ connection: Database) throws {
        try transaction.add(records: counts.lines, changed: changed, connection)
    }

    /// Gives up a file that is half written, and puts the connection back as it was.
    func close() {
        do {
            try database.access.writeWithoutTransaction { connection in
                try transaction.end(hasHalfFile: start != nil, connection)
                try connection.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000")
            }
            try journal?.close()
        } catch {
            // The connection is broken; SQLite rolls the transaction back when the file is opened next.
            start = nil
        }
    }

    private func begin(_ start: FileStart, _ connection: Database) throws {
        try transaction.open(connection)
        self.start = start
        counts = IngestReport()
        changed = .max
        lastTime = .min
        firstTime = .max
        disorder = 0
        contexts = []
        displaced = []
        owners = RawTextOwners(isGrown: start.resumed != nil)
        try resolver.beginFile()
        if let known = start.resumed {
            fileId = known.id
            // What the last reading said of the incomplete line at the end is said anew.
            try connection.execute(
                sql: "DELETE FROM reject WHERE file = ? AND (offset >= ? OR line = 0)",
                arguments: [fileId, known.resumeOffset]
            )
            if connection.changesCount > 0 { transaction.noteRejects() }
        } else {
            fileId = try nextFile(connection)
            try insertFile(start, connection)
        }
        paths[fileId] = start.path
    }

    private func nextFile(_ connection: Database) throws -> Int {
        try Int.checkedOne(connection, sql: "SELECT coalesce(max(id), 0) + 1 FROM file") ?? 1
    }

    /// Takes back what was said of older generations of a path: what could not be read there is no longer in the file.
    ///
    /// Standard input has no content of its own to be replaced: each reading of it stands for itself.
    private func retire(_ path: String, _ connection: Database) throws {
        if path == "-" { return }
        let older = "SELECT id FROM file WHERE path = ?"
        try connection.execute(sql: "DELETE FROM reject WHERE file IN (\(older))", arguments: [path])
        if connection.changesCount > 0 { transaction.noteRejects() }
        try connection.execute(sql: "DELETE FROM ignored WHERE file IN (\(older))", arguments: [path])
        try connection.execute(sql: "DELETE FROM file_resource WHERE file IN (\(older))", arguments: [path])
        try connection.execute(
            sql: """
                UPDATE file SET lines = stored + duplicates, ignored = 0, rejected = 0, state = 'complete',
                    note = 'replaced by a newer generation'
                WHERE path = ?
                """,
            arguments: [path]
        )
    }

    private func insertFile(_ start: FileStart, _ connection: Database) throws {
        try retire(start.path, connection)
        try connection.execute(
            sql: """
                INSERT INTO file(id, path, generation, container, state, note, bytes_read, bytes_inflated, content, lines,
                    stored, duplicates, ignored, rejected, resume_offset, resume_line, copy_of)
                VALUES(?, ?, ?, '', 'reading', '', 0, 0, x'', 0, 0, 0, 0, 0, 0, 1, NULL)
                """,
            arguments: [fileId, start.path, start.generation]
        )
    }

    private func write(_ batch: RowBatch, _ connection: Database) throws {
        try texts(batch)
        let (doubtful, taken) = try inserter.insert(batch.rows, batch.correlations, file: fileId)
        var outcome = DuplicateResolver.Outcome()
        outcome.added = batch.rows.count - doubtful.count - taken.count
        for (indices, isTaken) in [(doubtful, false), (taken, true)] {
            for index in indices {
                try resolver.settle(
                    batch.rows[index],
                    batch.correlations,
                    file: fileId,
                    isTaken: isTaken,
                    path: { self.paths[$0] ?? "" },
                    into: &outcome
                )
            }
        }
        let group = batch.snapshots.isEmpty ? nil : ExportGroup.of(start?.path ?? "")
        for (snapshot, line) in batch.snapshots {
            let isNew = try DPSExportRows.insert(snapshot, file: fileId, line: line, group: group, connection)
            if isNew { outcome.added += 1 } else { outcome.duplicates += 1 }
            if isNew { outcome.earliest = .min }
        }
        for reject in batch.rejects { try insert(reject, connection) }
        for (category, records) in batch.ignored.sorted(by: { $0.key < $1.key }) {
            try connection.execute(
                sql: """
                    INSERT INTO ignored(file, category, records) VALUES(?, ?, ?)
                    ON CONFLICT(file, category) DO UPDATE SET records = records + excluded.records
                    """,
                arguments: [fileId, category, records]
            )
            counts.ignored += records
        }
        for block in batch.rawBlocks {
            owners.keep(block)
            try connection.execute(
                sql: "INSERT OR REPLACE INTO raw_block(file, first_line, last_line, data) VALUES(?, ?, ?, ?)",
                arguments: [fileId, block.firstLine, block.lastLine, DatabaseBytes.data(block.data)]
            )
        }
        counts.lines += batch.lines
        counts.stored += outcome.added
        counts.duplicates += outcome.duplicates
        displaced.formUnion(outcome.displaced)
        owners.lose(outcome.lost)
        counts.rejected += batch.rejects.count
        let others = (doubtful + taken).sorted()
        changed = min(changed, outcome.earliest, added(batch, without: others))
        disorder = max(disorder, batch.disorder)
        var lastContext: Int32 = 0
        for row in batch.rows {
            if row.time > lastTime { lastTime = row.time }
            if row.time < firstTime { firstTime = row.time }
            if row.context != lastContext { contexts.insert(row.context) }
            lastContext = row.context
        }
        observer?.stored(
            StoredBatch(
                rows: batch.rows,
                others: others,
                settled: outcome.settled,
                file: fileId,
                path: paths[fileId] ?? "",
                identities: batch.identities,
                contexts: batch.contexts,
                hasSnapshots: !batch.snapshots.isEmpty,
                correlations: batch.correlations
            )
        )
    }

    /// The time of the earliest row that was inserted without a doubt.
    private func added(_ batch: RowBatch, without others: [Int]) -> Int64 {
        var others = others[...]
        var earliest = Int64.max
        for (index, row) in batch.rows.enumerated() {
            if others.first == index { others.removeFirst() } else { earliest = min(earliest, row.time) }
        }
        return earliest
    }

    private func texts(_ batch: RowBatch) throws {
        for new in batch.identities {
            newIdentity.bind(1, Int64(new.id))
            newIdentity.bind(2, new.text)
            newIdentity.bind(3, new.text.lowercased())
            try newIdentity.run()
        }
        for (statement, texts) in [(newNetwork, batch.networks), (newAgent, batch.agents)] {
            for new in texts {
                statement.bind(1, Int64(new.id))
                statement.bind(2, new.text)
                try statement.run()
            }
        }
        for (id, context) in batch.contexts { try ContextRows.insert(context, id: id, by: newContext) }
    }

    private func insert(_ reject: Reject, _ connection: Database) throws {
        // Two rejects may share a place (a line in several broken pieces): none may be lost, so the later one moves to the
        // next byte that is free.
        var offset = reject.offset
        while true {
            let statement = try connection.cachedStatement(
                sql: """
                    INSERT INTO reject(file, line, offset, reason, detail, sample, time, resource, category,
                        identity, previous_time, next_time)
                    VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT(file, line, offset) DO NOTHING
                    """
            )
            try statement.execute(
                arguments: [
                    fileId, reject.line, offset, reject.reason, reject.detail, reject.sample, reject.rest.time,
                    reject.rest.resource, reject.rest.category, reject.rest.identity, reject.previousTime,
                    reject.nextTime,
                ]
            )
            if connection.changesCount > 0 {
                transaction.noteRejects()
                return
            }
            offset += 1
        }
    }

    private func finish(_ end: FileEnd, _ connection: Database) throws {
        guard let start else { return }
        try noteEnding(end, connection)
        if start.resumed != nil { try recount(connection) }
        try connection.execute(
            sql: """
                UPDATE file SET container = ?, state = ?, note = ?, bytes_read = ?, bytes_inflated = ?, content = ?,
                    lines = lines + ?, stored = stored + ?, duplicates = duplicates + ?, ignored = ignored + ?,
                    rejected = rejected + ?, resume_offset = ?, resume_line = ?,
                    last_time = max(coalesce(last_time, ?), ?), first_time = min(coalesce(first_time, ?), ?),
                    disorder = max(coalesce(disorder, 0), ?), formats = ?, dates = ?, dates_why = ?
                WHERE id = ?
                """,
            arguments: [
                end.container, end.ending.state, end.ending.note, end.bytesRead, end.bytesInflated,
                DatabaseBytes.data(end.content), counts.lines, counts.stored, counts.duplicates, counts.ignored,
                counts.rejected, end.resumeOffset, end.resumeLine, lastTime, lastTime, firstTime, firstTime,
                disorder, end.formats.joined(separator: ", "), end.dates.basis.rawValue, end.dates.why, fileId,
            ]
        )
        try noteResources()
        try forgetRepetition(end, connection)
        if counts.duplicates > 0 {
            let own: Set = owners.mayHoldUncited() ? [fileId] : []
            try RawTextOwners.dropUncited(of: displaced.union(own), connection)
        }
        add(end)
        self.start = nil
        try fileIsWhole(connection)
        observer?.fileEnded()
    }

    /// Notes a file that was not read to its end.
    private func noteEnding(_ end: FileEnd, _ connection: Database) throws {
        let reason: RejectReason
        switch end.ending {
        case .complete: return
        case .truncated: reason = .truncatedFile
        case .corrupt: reason = .corruptFile
        case .limit: reason = .fileLimit
        case .unreadable: reason = .unreadableFile
        }
        // Line 0: the file itself; it is no record and not part of the balance.
        try insert(
            Reject(line: 0, offset: end.bytesInflated, reason: reason.rawValue, detail: end.ending.note, sample: ""),
            connection
        )
    }

    /// Notes which hubs and DPS instances the file has records of, duplicates included.
    private func noteResources() throws {
        for context in contexts.sorted() {
            newResource.bind(1, Int64(fileId))
            newResource.bind(2, Int64(context))
            try newResource.run()
        }
    }

    /// A stream can only be told to be known once it was read: then its rejects were said before.
    ///
    /// Not by an older generation of the same path, whose rejects were taken back when this reading began.
    private func forgetRepetition(_ end: FileEnd, _ connection: Database) throws {
        let known = try Int.checkedOne(
            connection,
            sql: """
                SELECT id FROM file WHERE content = ?1 AND id <> ?2 AND copy_of IS NULL AND (path <> ?3 OR ?3 = '-')
                ORDER BY id LIMIT 1
                """,
            arguments: [DatabaseBytes.data(end.content), fileId, start?.path ?? ""]
        )
        guard let known, start?.resumed == nil, counts.stored == 0 else { return }
        for table in ["reject", "ignored", "raw_block", "file_resource"] {
            try connection.execute(sql: "DELETE FROM \(table) WHERE file = ?", arguments: [fileId])
        }
        try connection.execute(
            sql: """
                UPDATE file SET lines = 0, duplicates = 0, ignored = 0, rejected = 0, copy_of = ? WHERE id = ?
                """,
            arguments: [known, fileId]
        )
    }

    /// After the provisional rejects of a grown file were taken back, its counts are those of what is left.
    private func recount(_ connection: Database) throws {
        let before = try Int.checkedOne(
            connection,
            sql: "SELECT count(*) FROM reject WHERE file = ? AND line > 0",
            arguments: [fileId]
        )
        let kept = (before ?? 0) - counts.rejected
        try connection.execute(
            sql: "UPDATE file SET lines = lines - (rejected - ?), rejected = ? WHERE id = ?",
            arguments: [kept, kept, fileId]
        )
    }

    private func add(_ end: FileEnd) {
        report.files += 1
        if end.ending != .complete { report.filesRejected += 1 }
        if case .unreadable = end.ending { report.filesUnreadable += 1 }
        report.lines += counts.lines
        report.stored += counts.stored
        report.duplicates += counts.duplicates
        report.ignored += counts.ignored
        report.rejected += counts.rejected
        report.bytesRead += end.bytesRead
        report.bytesInflated += end.bytesInflated
    }

    private func unchanged(
        _ start: FileStart,
        _ copyOf: Int?,
        _ content: [UInt8],
        _ bytes: Int,
        _ connection: Database
    ) throws {
        report.files += 1
        report.filesUnchanged += 1
        report.bytesRead += bytes
        guard let copyOf, copyOf != 0 else { return }
        try transaction.open(connection)
        (counts, changed) = (IngestReport(), .max)
        try connection.execute(
            sql: """
                INSERT INTO file(path, generation, container, state, note, bytes_read, bytes_inflated, content, lines,
                    stored, duplicates, ignored, rejected, resume_offset, resume_line, copy_of, formats, dates, dates_why)
                SELECT ?, ?, container, state, note, bytes_read, bytes_inflated, content, 0, 0, 0, 0, 0,
                    resume_offset, resume_line, coalesce(copy_of, id), formats, dates, dates_why
                FROM file WHERE id = ?
                """,
            arguments: [start.path, start.generation, copyOf]
        )
        try fileIsWhole(connection)
    }

    private func unreadable(_ start: FileStart, _ why: String, _ connection: Database) throws {
        report.files += 1
        report.filesRejected += 1
        report.filesUnreadable += 1
        try alone(start, connection) {
            try insert(
                Reject(line: 0, offset: 0, reason: RejectReason.unreadableFile.rawValue, detail: why, sample: ""),
                connection
            )
            try connection.execute(
                sql: "UPDATE file SET state = 'unreadable', note = ? WHERE id = ?",
                arguments: [why, fileId]
            )
        }
    }

    /// A file of a format that is not read: one reject, which the balance counts as a record.
    private func refused(
        _ start: FileStart,
        _ format: RefusedFormat,
        _ bytes: Int,
        _ content: [UInt8],
        _ connection: Database
    ) throws {
        report.files += 1
        report.filesRejected += 1
        report.lines += 1
        report.rejected += 1
        report.bytesRead += bytes
        let reason = format.mayHoldLogs ? RejectReason.unsupportedFormat : .notALogFormat
        try alone(start, connection) {
            try insert(
                Reject(line: 0, offset: 0, reason: reason.rawValue, detail: format.detail, sample: ""),
                connection
            )
            try connection.execute(
                sql: """
                    UPDATE file SET container = 'unknown', state = 'unreadable', note = ?, bytes_read = ?, content = ?,
                        lines = 1, rejected = 1, formats = ?
                    WHERE id = ?
                    """,
                arguments: [format.detail, bytes, DatabaseBytes.data(content), format.name, fileId]
            )
        }
    }

    /// An archive after its members; what older generations said of members that are gone is taken back.
    private func archive(_ start: FileStart, _ end: FileEnd, _ connection: Database) throws {
        report.files += 1
        if end.ending != .complete { report.filesRejected += 1 }
        report.bytesRead += end.bytesRead
        try alone(start, connection) {
            let prefix = start.path + FileReader.memberMark
            let gone = try String.checkedAll(
                connection,
                sql: "SELECT DISTINCT path FROM file WHERE substr(path, 1, ?) = ? AND id < ?",
                arguments: [prefix.unicodeScalars.count, prefix, firstMember]
            )
            let kept = Set(
                try String.checkedAll(
                    connection,
                    sql: "SELECT path FROM file WHERE substr(path, 1, ?) = ? AND id >= ?",
                    arguments: [prefix.unicodeScalars.count, prefix, firstMember]
                )
            )
            for path in gone where !kept.contains(path) { try retire(path, connection) }
            try noteEnding(end, connection)
            try connection.execute(
                sql: """
                    UPDATE file SET container = ?, state = ?, note = ?, bytes_read = ?, bytes_inflated = ?, content = ?,
                        formats = ?
                    WHERE id = ?
                    """,
                arguments: [
                    end.container, end.ending.state, end.ending.note, end.bytesRead, end.bytesInflated,
                    DatabaseBytes.data(end.content), end.formats.joined(separator: ", "), fileId,
                ]
            )
        }
    }

    /// A file without records of its own.
    private func alone(_ start: FileStart, _ connection: Database, _ body: () throws -> Void) throws {
        try transaction.open(connection)
        (counts, changed) = (IngestReport(), .max)
        fileId = try nextFile(connection)
        try insertFile(start, connection)
        paths[fileId] = start.path
        try body()
        try fileIsWhole(connection)
    }
}
