import AzureLogs
import GRDB
import LogIngest

/// Brings files into a database: inflate and frame, read and intern, write, each in a task of its own.
///
/// Fixed pools of chunks and batches go round between the tasks, which bounds the memory and holds back a task that is
/// ahead. A file is in whole or not at all; when the work is cancelled the file in hand is given up, and the next run
/// reads it.
public enum Importer {
    private static let poolSize = 6

    /// Ingests files in the order given.
    ///
    /// - Parameters:
    ///   - paths: files as `InputFiles` lists them; `-` is standard input.
    ///   - database: a database opened for writing, of which the caller holds the lock.
    ///   - options: limits, and what is kept.
    ///   - observer: told of the events as they are stored.
    ///   - progress: told after each chunk what was read since: bytes, and files done.
    /// - Returns: the accounting, with `seconds` left at 0 for the caller's clock.
    /// - Throws: `StoreError`; `CancellationError` when cancelled.
    public static func run(
        _ paths: [String],
        into database: LogDatabase,
        options: IngestOptions = IngestOptions(),
        observer: (any ImportObserver)? = nil,
        progress: @escaping @Sendable (_ bytes: Int, _ files: Int) -> Void = { _, _ in }
    ) async throws -> IngestReport {
        if observer == nil { ScratchDatabase.removeLeftover(beside: database.path) }
        let ledger = try await database.access.read(LedgerEntry.all)
        let deferred = DeferredFiles()
        let first = FileReader(ledger: ledger, options: options, deferred: deferred)
        var report = try await pipeline(first, paths, database, options, ledger, observer, progress)
        // Dates that nothing in their file decides are read by those of the files beside it, so these come first.
        let waiting = deferred.all + FileReader.undecided(ledger, without: paths, options)
        if waiting.isEmpty { return report }
        let plan = try await database.access.read { try DeferredPlan.make(waiting, $0) }
        let unchanged = deferred.all.count { $0.isKnown && plan.names[$0.name] == nil }
        report.files += unchanged
        report.filesUnchanged += unchanged
        if plan.paths.isEmpty { return report }
        let known = try await database.access.read(LedgerEntry.all)
        let second = FileReader(ledger: known, options: options, deferred: deferred, plan: plan)
        report.add(try await pipeline(second, plan.paths, database, options, known, observer, progress))
        return report
    }

    private static func pipeline(
        _ first: FileReader,
        _ paths: [String],
        _ database: LogDatabase,
        _ options: IngestOptions,
        _ ledger: [LedgerEntry],
        _ observer: (any ImportObserver)?,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> IngestReport {
        let (freeChunks, giveChunk) = AsyncStream.makeStream(of: RecordChunk.self)
        let (freeBatches, giveBatch) = AsyncStream.makeStream(of: RowBatch.self)
        let (read, putRead) = AsyncStream.makeStream(of: ReadMessage.self)
        let (write, putWrite) = AsyncStream.makeStream(of: WriteMessage.self)
        for _ in 0..<poolSize {
            giveChunk.yield(RecordChunk(capacity: 1 << 18))
            giveBatch.yield(RowBatch())
        }
        return try await withThrowingTaskGroup(of: IngestReport?.self) { group in
            group.addTask {
                var reader = first
                var free = freeChunks.makeAsyncIterator()
                for path in paths where !Task.isCancelled {
                    await reader.read(path, free: &free, put: putRead, progress: progress)
                }
                putRead.finish()
                return nil
            }
            group.addTask {
                // A run that finds every file unchanged has no use for the texts that are known.
                var messages = read.makeAsyncIterator()
                var waiting = await messages.next()
                while let unchanged = waiting?.unchanged {
                    putWrite.yield(unchanged)
                    waiting = await messages.next()
                }
                guard let first = waiting else {
                    putWrite.finish()
                    return nil
                }
                let builder = RowBuilder(keepsRaw: options.keepsRaw, try await KnownTexts.load(database))
                var parser = BatchParser(builder, freeBatches, putWrite)
                await parser.take(first)
                while var message = await messages.next() {
                    guard case .chunk(let chunk) = message else {
                        await parser.take(message)
                        continue
                    }
                    // The message must let go of the chunk first, or its memory is copied instead of used again.
                    message = .done
                    await parser.parse(chunk)
                    giveChunk.yield(chunk)
                }
                putWrite.finish()
                return nil
            }
            group.addTask {
                let writer = try FileWriter(database, ledger: ledger, observer: observer)
                defer { writer.close() }
                for await var message in write {
                    try Task.checkCancellation()
                    try writer.take(message)
                    guard case .batch(var batch) = message else { continue }
                    // The message must let go of the batch first, or its memory is copied instead of used again.
                    message = .done
                    batch.clear()
                    giveBatch.yield(batch)
                }
                try Task.checkCancellation()
                try writer.flush()
                return writer.result
            }
            var report = IngestReport()
            for try await result in group { if let result { report = result } }
            return report
        }
    }
}

/// The parsing task: fills batches from chunks.
private struct BatchParser: ~Copyable {
    private var builder: RowBuilder
    private var free: AsyncStream<RowBatch>.Iterator
    private let put: AsyncStream<WriteMessage>.Continuation
    private var batch: RowBatch?

    init(_ builder: consuming RowBuilder, _ free: AsyncStream<RowBatch>, _ put: AsyncStream<WriteMessage>.Continuation)
    {
        self.builder = builder
        self.free = free.makeAsyncIterator()
        self.put = put
    }

    /// Passes on what the reading task says of a file.
    mutating func take(_ message: ReadMessage) async {
        switch message {
        case .begin(let start):
            builder.begin(start.dates.order)
            put.yield(.begin(start))
        case .unchanged: if let unchanged = message.unchanged { put.yield(unchanged) }
        case .unreadable(let start, let why): put.yield(.unreadable(start, why))
        case .refused(let start, let format, let bytes, let content):
            put.yield(.refused(start, format, bytes: bytes, content: content))
        case .members: put.yield(.members)
        case .archive(let start, let end): put.yield(.archive(start, end))
        case .done, .chunk: break
        case .end(let end):
            if var last = await next() {
                builder.finish(&last)
                last.putInOrder()
                put.yield(.batch(last))
            }
            put.yield(.end(end))
        }
    }

    private mutating func next() async -> RowBatch? {
        if let current = batch {
            batch = nil
            return current
        }
        return await free.next()
    }

    /// Reads the records of a chunk.
    mutating func parse(_ chunk: RecordChunk) async {
        guard var current = await next() else { return }
        var at = 0
        var rejected = 0
        while true {
            fill(&current, from: chunk, &at, &rejected)
            let isUsedUp = at == chunk.records.count && rejected == chunk.rejects.count
            if isUsedUp && current.load < RowBatch.capacity { break }
            let waiting = builder.takeWaitingRejects(of: &current)
            current.putInOrder()
            put.yield(.batch(current))
            guard let fresh = await free.next() else { return }
            current = fresh
            current.rejects = waiting
            current.lines = waiting.count
            if isUsedUp { break }
        }
        batch = current
    }

    /// The synchronous inner loop: what was cut and what could not be, in the order of the file.
    private mutating func fill(
        _ batch: inout RowBatch,
        from chunk: borrowing RecordChunk,
        _ at: inout Int,
        _ rejected: inout Int
    ) {
        while batch.load < RowBatch.capacity {
            let offset = rejected < chunk.rejects.count ? chunk.rejects[rejected].offset : Int.max
            if at < chunk.records.count, chunk.records[at].offset < offset {
                builder.add(chunk.records[at], of: chunk.bytes, to: &batch)
                at += 1
            } else if rejected < chunk.rejects.count {
                builder.add(chunk.rejects[rejected], to: &batch)
                rejected += 1
            } else {
                return
            }
        }
    }
}

/// The texts that a database has given numbers, in the order of these.
struct KnownTexts: Sendable {
    var identities = Interner()
    var networks = Interner()
    var agents = Interner()
    var contexts = ContextTable()

    /// Reads them row by row: of a large fleet they are not in memory twice.
    static func load(_ database: LogDatabase) async throws -> KnownTexts {
        try await database.access.read { connection in
            var known = KnownTexts()
            for (sql, list) in [
                ("SELECT name FROM identity ORDER BY id", \KnownTexts.identities),
                ("SELECT address FROM network ORDER BY id", \KnownTexts.networks),
                ("SELECT sdk FROM agent ORDER BY id", \KnownTexts.agents),
            ] {
                let rows = try PreparedStatement(connection, sql)
                while try rows.next() { known[keyPath: list].restore(rows.text(0)) }
            }
            try ContextRows.forEach(connection) { known.contexts.restore($1, id: $0) }
            return known
        }
    }
}
