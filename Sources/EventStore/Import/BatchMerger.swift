import AzureLogs

/// Where the putting together of pieces begins: with a database, or in the middle of a file that one task has begun.
struct Merging: Sendable {
    /// The numbers that texts have.
    var known: KnownTexts
    var batch: RowBatch?
    var raw = RawKeeper.Pending()
    var waiting = WaitingRejects()
    var lastTime: Int64?
    var lastLine = 0
    var order = TimeOrder()
}

/// Puts the pieces of files that several workers have parsed behind one another, as one task would have parsed them.
///
/// Workers number the texts that they meet for themselves; here these numbers become those of the database. What a record
/// says of its neighbours, and which raw texts share a block, is settled here too, so that the database does not depend on
/// how many workers there were.
struct BatchMerger: ~Copyable {
    /// The database's numbers of the texts that a worker has numbered, by the worker's own.
    private struct Numbers {
        var identities: [Int32] = [0]
        var networks: [Int32] = [0]
        var agents: [Int32] = [0]
        var contexts: [Int32] = [0]
        /// Sets the shapes of a worker apart from those of the others, and from its own that it has forgotten.
        var firstShape: Int
    }

    private var known: KnownTexts
    private var numbers: [Numbers]
    private var free: AsyncStream<RowBatch>.Iterator
    private let put: AsyncStream<WriteMessage>.Continuation
    private var batch: RowBatch?
    private var raw: RawKeeper
    private var waiting: WaitingRejects
    private var lastTime: Int64?
    private var lastLine: Int
    private var order: TimeOrder

    init(
        workers: Int,
        _ start: Merging,
        _ free: AsyncStream<RowBatch>,
        _ put: AsyncStream<WriteMessage>.Continuation
    ) {
        known = start.known
        batch = start.batch
        raw = RawKeeper(start.raw)
        waiting = start.waiting
        (lastTime, lastLine, order) = (start.lastTime, start.lastLine, start.order)
        // The numbers below are of shapes that were met before.
        numbers = (0..<workers).map { Numbers(firstShape: ($0 + 1) << 48) }
        self.free = free.makeAsyncIterator()
        self.put = put
    }

    /// Passes on what the reading task says of a file.
    mutating func take(_ message: ReadMessage) async {
        if let passed = message.passedOn { put.yield(passed) }
        guard case .end(let end) = message else { return }
        if var last = await next() {
            if let block = raw.take() { last.rawBlocks.append(block) }
            last.disorder = order.disorder
            last.putInOrder()
            put.yield(.batch(last))
        }
        (lastTime, lastLine, order) = (nil, 0, TimeOrder())
        waiting.clear()
        put.yield(.end(end))
    }

    private mutating func next() async -> RowBatch? {
        if let current = batch {
            batch = nil
            return current
        }
        return await free.next()
    }

    /// Adds the next piece of the current file.
    mutating func add(_ piece: RowBatch, of worker: Int) async {
        guard var current = await next() else { return }
        if current.load > 0, current.load + piece.load > RowBatch.capacity {
            let waits = waiting.take(of: &current)
            current.putInOrder()
            put.yield(.batch(current))
            guard let fresh = await free.next() else { return }
            current = fresh
            current.rejects = waits
            current.lines = waits.count
        }
        number(piece, worker, &current)
        rows(piece, worker, &current)
        rejects(piece, &current)
        let shapes = numbers[worker].firstShape
        piece.seam.rawTexts.keep(in: &raw, shape: { shapes + $0 }, into: &current.rawBlocks)
        current.snapshots += piece.snapshots
        current.ignored.merge(piece.ignored) { $0 + $1 }
        current.lines += piece.lines
        lastTime = piece.seam.lastTime ?? lastTime
        order.add(piece.seam.order)
        batch = current
    }

    /// Gives the piece's new texts the numbers of the database.
    private mutating func number(_ piece: borrowing RowBatch, _ worker: Int, _ current: inout RowBatch) {
        if piece.seam.isFresh { numbers[worker] = Numbers(firstShape: numbers[worker].firstShape + 1 << 24) }
        func add(_ new: [NewText], _ table: inout Interner, _ numbers: inout [Int32], _ texts: inout [NewText]) {
            for text in new {
                let entry = table.restore(text.text)
                if entry.isNew { texts.append(NewText(id: Int(entry.id), text: text.text)) }
                numbers.append(entry.id)
            }
        }
        add(piece.identities, &known.identities, &numbers[worker].identities, &current.identities)
        add(piece.networks, &known.networks, &numbers[worker].networks, &current.networks)
        add(piece.agents, &known.agents, &numbers[worker].agents, &current.agents)
        for (_, context) in piece.contexts {
            let (id, new) = known.contexts.number(of: context)
            if let new { current.contexts.append((Int(id), new)) }
            numbers[worker].contexts.append(id)
        }
    }

    private mutating func rows(_ piece: borrowing RowBatch, _ worker: Int, _ current: inout RowBatch) {
        let first = current.rows.count
        let correlations = UInt64(current.correlations.count)
        current.correlations += piece.correlations
        current.rows += piece.rows
        let numbers = numbers[worker]
        for index in first..<current.rows.count {
            current.rows[index].identity = numbers.identities[Int(current.rows[index].identity)]
            current.rows[index].target = numbers.identities[Int(current.rows[index].target)]
            current.rows[index].network = numbers.networks[Int(current.rows[index].network)]
            current.rows[index].agent = numbers.agents[Int(current.rows[index].agent)]
            current.rows[index].context = numbers.contexts[Int(current.rows[index].context)]
            if current.rows[index].correlationKind == 2 { current.rows[index].correlation0 += correlations }
        }
        guard let line = current.rows.last?.line, first < current.rows.count else { return }
        if current.rows[first].line == lastLine { current.rows[first].sharesLine = true }
        lastLine = line
    }

    /// Adds the piece's rejects; those before its first readable record have others before them.
    private mutating func rejects(_ piece: borrowing RowBatch, _ current: inout RowBatch) {
        let leading = piece.seam.leadingRejects
        for var reject in piece.rejects.prefix(leading) {
            (reject.previousTime, reject.nextTime) = (lastTime, nil)
            waiting.note(reject, &current)
        }
        guard let time = piece.seam.firstTime else { return }
        waiting.end(time, &current)
        for reject in piece.rejects.dropFirst(leading) {
            if reject.nextTime == nil {
                waiting.note(reject, &current)
            } else {
                // What waited before it was given up.
                waiting.clear()
                current.rejects.append(reject)
            }
        }
    }
}
