import LogIngest

/// The parsing task where it is the only one: fills batches from chunks.
struct BatchParser: ~Copyable {
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
        if case .begin(let start) = message { builder.begin(start.dates.order) }
        if let passed = message.passedOn { put.yield(passed) }
        guard case .end(let end) = message else { return }
        if var last = await next() {
            builder.finish(&last)
            last.putInOrder()
            put.yield(.batch(last))
        }
        put.yield(.end(end))
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
            builder.fill(&current, from: chunk, &at, &rejected)
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
}
