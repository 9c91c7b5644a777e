import AzureLogs
import LogIngest

/// The parsing task where it is the only one: fills batches from chunks.
struct BatchParser: ~Copyable {
    private var builder: RowBuilder
    private var free: AsyncStream<RowBatch>.Iterator
    private let put: AsyncStream<WriteMessage>.Continuation
    private var batch: RowBatch?
    /// The order of day and month of the current file.
    private(set) var dateOrder: DateOrder?
    /// Records in the span that is looked at, and how many the builder had missed before it.
    private var span = (records: 0, missed: 0)

    /// Whether most of the records of late had to be parsed: then parsing takes longest, and several tasks gain.
    private(set) var isSlow = false
    /// Records in a span.
    private static let spanLength = 4096

    init(_ builder: consuming RowBuilder, _ free: AsyncStream<RowBatch>, _ put: AsyncStream<WriteMessage>.Continuation)
    {
        self.builder = builder
        self.free = free.makeAsyncIterator()
        self.put = put
    }

    /// Passes on what the reading task says of a file.
    mutating func take(_ message: ReadMessage) async {
        if case .begin(let start) = message {
            dateOrder = start.dates.order
            builder.begin(dateOrder)
        }
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
        span.records += chunk.records.count
        guard span.records >= Self.spanLength else { return }
        isSlow = (builder.missed - span.missed) * 2 > span.records
        span = (0, builder.missed)
    }

    /// What is handed over to those who go on from here.
    func merging() -> Merging { builder.merging(batch) }
}
