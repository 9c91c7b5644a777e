import AzureLogs
import GRDB
import LogIngest

/// Brings files into a database: inflate and frame, read and intern, write, each in a task of its own; where there are cores
/// for it, several tasks read and one puts together what they made.
///
/// Fixed pools of chunks and batches go round between the tasks, which bounds the memory and holds back a task that is
/// ahead. A file is in whole or not at all; when the work is cancelled the current file is given up, and the next run
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
    /// - Throws: `StoreError`, also where the database's file was removed or replaced meanwhile; `CancellationError` when
    ///   cancelled.
    public static func run(
        _ paths: [String],
        into database: LogDatabase,
        options: IngestOptions = IngestOptions(),
        observer: (any ImportObserver)? = nil,
        progress: @escaping @Sendable (_ bytes: Int, _ files: Int) -> Void = { _, _ in }
    ) async throws -> IngestReport {
        do {
            let report = try await run(
                paths,
                into: database,
                options: options,
                observer: observer,
                census: nil,
                progress: progress
            )
            try database.checkPlace()
            return report
        } catch {
            // A file that is gone gives errors of many kinds; this says which it was.
            try database.checkPlace()
            throw error
        }
    }

    /// The same, with a count of what parses side by side.
    static func run(
        _ paths: [String],
        into database: LogDatabase,
        options: IngestOptions,
        observer: (any ImportObserver)? = nil,
        census: ParsingCensus?,
        progress: @escaping @Sendable (_ bytes: Int, _ files: Int) -> Void = { _, _ in }
    ) async throws -> IngestReport {
        if !paths.isEmpty { try PartMark.refuseLogs(database) }
        if observer == nil { ScratchDatabase.removeLeftover(beside: database.path) }
        let ledger = try await database.access.read { try LedgerEntry.concerning(paths, options, $0) }
        let deferred = DeferredFiles()
        let first = FileReader(ledger: ledger, options: options, deferred: deferred)
        var report = try await pipeline(first, paths, database, options, observer, census, progress)
        // Dates that nothing in their file decides are read by those of the files beside it, so these come first.
        let waiting = deferred.all + FileReader.undecided(ledger, without: paths, options)
        if waiting.isEmpty { return report }
        let plan = try await database.access.read { try DeferredPlan.make(waiting, $0) }
        let unchanged = deferred.all.count { $0.isKnown && plan.names[$0.name] == nil }
        report.files += unchanged
        report.filesUnchanged += unchanged
        if plan.paths.isEmpty { return report }
        let known = try await database.access.read { try LedgerEntry.concerning(plan.paths, options, $0) }
        let second = FileReader(ledger: known, options: options, deferred: deferred, plan: plan)
        report.add(try await pipeline(second, plan.paths, database, options, observer, census, progress))
        return report
    }

    private static func pipeline(
        _ first: FileReader,
        _ paths: [String],
        _ database: LogDatabase,
        _ options: IngestOptions,
        _ observer: (any ImportObserver)?,
        _ census: ParsingCensus?,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> IngestReport {
        let (freeChunks, giveChunk) = AsyncStream.makeStream(of: RecordChunk.self)
        let (freeBatches, giveBatch) = AsyncStream.makeStream(of: RowBatch.self)
        let (read, putRead) = AsyncStream.makeStream(of: ReadMessage.self)
        let (write, putWrite) = AsyncStream.makeStream(of: WriteMessage.self)
        for _ in 0..<poolSize { giveBatch.yield(RowBatch()) }
        // Each worker has a current one and one that waits.
        let chunks = 4 + 2 * max(options.parsingTasks, options.mostParsingTasks)
        for _ in 0..<max(poolSize, chunks) { giveChunk.yield(RecordChunk(capacity: 1 << 18)) }
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
                while let message = waiting, message.isUnchanged {
                    if let unchanged = message.passedOn { putWrite.yield(unchanged) }
                    waiting = await messages.next()
                }
                guard let first = waiting else {
                    putWrite.finish()
                    return nil
                }
                waiting = nil
                func share(
                    _ tasks: Int,
                    _ start: Merging,
                    _ order: DateOrder?,
                    _ first: ReadMessage?,
                    _ messages: inout AsyncStream<ReadMessage>.Iterator
                ) async throws {
                    try await ParsingWorkers(tasks, keepsRaw: options.keepsRaw, census).run(
                        start,
                        order,
                        first,
                        &messages,
                        giveChunk: giveChunk,
                        freeBatches: freeBatches,
                        putWrite: putWrite
                    )
                }
                let known = try await KnownTexts.load(database)
                if options.parsingTasks > 1 {
                    try await share(options.parsingTasks, Merging(known: known), nil, first, &messages)
                    return nil
                }
                let builder = RowBuilder(keepsRaw: options.keepsRaw, known)
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
                    if parser.isSlow, options.mostParsingTasks > 1 {
                        let (start, order) = (parser.merging(), parser.dateOrder)
                        try await share(options.mostParsingTasks, start, order, nil, &messages)
                        return nil
                    }
                }
                putWrite.finish()
                return nil
            }
            group.addTask {
                let writer = try FileWriter(database, observer: observer)
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
