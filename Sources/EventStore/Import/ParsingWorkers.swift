import AzureLogs
import LogIngest

/// Parsing by several tasks where there are cores for them: chunks go to the workers in turn, and what they made of these is
/// put together in the same turn, so that the order of the files' records is kept without a number on each.
///
/// Each worker has chunks waiting, and a few batches that go round between it and the one that puts together. Whoever waits
/// for a batch waits for an earlier piece, so the wait ends.
struct ParsingWorkers: Sendable {
    /// What a worker is given.
    private enum Work: Sendable {
        case done
        case chunk(RecordChunk, DateOrder?)
        case message(ReadMessage)
    }

    /// What it gives.
    private enum Outcome: Sendable {
        case done
        case piece(RowBatch)
        case message(ReadMessage)
    }

    /// Most texts of devices, and of contexts, that a worker holds before it starts over: what is known of all is known
    /// where the pieces are put together.
    static let most = (identities: 1 << 17, contexts: 1 << 12)
    private static let batches = 3

    /// How many there are.
    let count: Int
    private let keepsRaw: Bool
    private let census: ParsingCensus?

    init(_ count: Int, keepsRaw: Bool, _ census: ParsingCensus?) {
        self.count = count
        self.keepsRaw = keepsRaw
        self.census = census
    }

    /// How many workers parse on a machine with a number of cores: with few, the tasks beside them need these.
    static func suggested(cores: Int) -> Int { cores < 4 ? 1 : min(8, cores / 2) }

    /// How many it becomes on a machine with a number of cores while records do not repeat: then parsing takes longest.
    static func most(cores: Int) -> Int { cores < 2 ? 1 : max(2, suggested(cores: cores)) }

    /// Parses what is read until there is no more.
    ///
    /// - Parameters:
    ///   - start: what was parsed before.
    ///   - order: the order of day and month of the current file.
    ///   - first: a message that is not in `read` any more.
    ///   - read: what the reading task says.
    func run(
        _ start: Merging,
        _ order: DateOrder?,
        _ first: ReadMessage?,
        _ read: inout AsyncStream<ReadMessage>.Iterator,
        giveChunk: AsyncStream<RecordChunk>.Continuation,
        freeBatches: AsyncStream<RowBatch>,
        putWrite: AsyncStream<WriteMessage>.Continuation
    ) async throws {
        let work = (0..<count).map { _ in AsyncStream.makeStream(of: Work.self) }
        let made = (0..<count).map { _ in AsyncStream.makeStream(of: Outcome.self) }
        let pieces = (0..<count).map { _ in AsyncStream.makeStream(of: RowBatch.self) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<count {
                for _ in 0..<Self.batches { pieces[worker].continuation.yield(RowBatch(rows: 1 << 10)) }
                let (work, put, free) = (work[worker].stream, made[worker].continuation, pieces[worker].stream)
                group.addTask { [keepsRaw, census] in
                    var parser = PieceParser(keepsRaw: keepsRaw)
                    var free = free.makeAsyncIterator()
                    for await var work in work {
                        switch work {
                        case .done: break
                        case .message(let message): put.yield(.message(message))
                        case .chunk(let chunk, let order):
                            work = .done
                            guard var piece = await free.next() else { break }
                            census?.begin(worker)
                            parser.parse(chunk, order, into: &piece)
                            census?.end()
                            giveChunk.yield(chunk)
                            put.yield(.piece(piece))
                        }
                    }
                    put.finish()
                }
            }
            let (outcomes, give) = (made.map(\.stream), pieces.map(\.continuation))
            group.addTask { [count] in
                var merger = BatchMerger(workers: count, start, freeBatches, putWrite)
                var turns = outcomes.map { $0.makeAsyncIterator() }
                var turn = 0
                while var outcome = await turns[turn].next() {
                    switch outcome {
                    case .done: break
                    case .message(let message): await merger.take(message)
                    case .piece(var piece):
                        outcome = .done
                        await merger.add(piece, of: turn)
                        piece.clear()
                        give[turn].yield(piece)
                    }
                    turn = (turn + 1) % count
                }
                putWrite.finish()
            }
            await Self.deal(order, first, &read, to: work.map(\.continuation))
            try await group.waitForAll()
        }
    }

    /// Gives the workers their turns.
    private static func deal(
        _ order: DateOrder?,
        _ first: ReadMessage?,
        _ read: inout AsyncStream<ReadMessage>.Iterator,
        to workers: [AsyncStream<Work>.Continuation]
    ) async {
        var turn = 0
        var order = order
        var next = first
        if next == nil { next = await read.next() }
        while let message = next {
            switch message {
            case .chunk(let chunk): workers[turn].yield(.chunk(chunk, order))
            case .begin(let start):
                order = start.dates.order
                workers[turn].yield(.message(message))
            default: workers[turn].yield(.message(message))
            }
            turn = (turn + 1) % workers.count
            // The message must let go of the chunk before its memory is used again.
            next = nil
            next = await read.next()
        }
        for worker in workers { worker.finish() }
    }
}

/// One worker: parses pieces of files with texts and shapes of its own.
private struct PieceParser: ~Copyable {
    private var builder: RowBuilder
    private let keepsRaw: Bool
    private var isFresh = false

    init(keepsRaw: Bool) {
        self.keepsRaw = keepsRaw
        builder = RowBuilder(keepsRaw: keepsRaw, KnownTexts(), isApart: true)
    }

    mutating func parse(_ chunk: RecordChunk, _ order: DateOrder?, into piece: inout RowBatch) {
        builder.begin(order)
        piece.seam.isFresh = isFresh
        isFresh = false
        var (at, rejected) = (0, 0)
        builder.fill(&piece, from: chunk, &at, &rejected, upTo: .max)
        builder.endPiece(&piece)
        let (size, most) = (builder.size, ParsingWorkers.most)
        if size.identities > most.identities || size.contexts > most.contexts {
            builder = RowBuilder(keepsRaw: keepsRaw, KnownTexts(), isApart: true)
            isFresh = true
        }
    }
}
