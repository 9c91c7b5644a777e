import Dispatch
public import EventStore
import GRDB
import Synchronization

/// A sweep over events while they are stored, on a thread of its own, so that they need not be read again.
///
/// It is for the first files of a database. It takes the events of some files at a time into order, and writes what it
/// derives into a database beside that one, which `Correlator.rebuild` then copies. Where files do not come in the order of
/// their times, where exports or Event Grid's records are read, or where names would be numbered otherwise once all are
/// known, it gives up, and `rebuild` sweeps as ever.
public final class LiveSweep: ImportObserver {
    private struct State {
        var free: [[SweepEvent]] = []
        var turn = 0
        var isLost = false
        var swept: SweptEvents?
    }

    private let channel = Handoff<LiveNews>(room: 4)
    private let state = Mutex(State())
    private let isDone = DispatchSemaphore(value: 0)
    private let scratch: ScratchDatabase
    /// The digest of the configuration that it sweeps with.
    let configuration: String

    /// Begins a sweep of a database that is yet to be filled.
    ///
    /// - Parameters:
    ///   - lastTime: when the last event will be, in microseconds, if that can be guessed.
    /// - Returns: nil if files were read into the database before, if it is in memory, or if nothing can be written
    ///   beside it.
    /// - Throws: `DatabaseError`.
    public static func begin(
        _ database: LogDatabase,
        configuration: CorrelationConfiguration = CorrelationConfiguration(),
        lastTime: Int64?
    ) throws -> LiveSweep? {
        guard database.access is DatabasePool else { return nil }
        let basis = try database.access.read { connection in
            try Bool.checkedOne(connection, sql: "SELECT EXISTS (SELECT 1 FROM file)") == false
                ? try Checkpoints.basis(configuration, connection) : nil
        }
        // Where there is no room beside the database, it is swept when all events are there.
        guard let basis, let scratch = try? ScratchDatabase(beside: database.path, stop: database.stop)
        else { return nil }
        return LiveSweep(scratch, configuration, basis, lastTime)
    }

    private init(
        _ scratch: ScratchDatabase,
        _ configuration: CorrelationConfiguration,
        _ basis: String,
        _ lastTime: Int64?
    ) {
        self.scratch = scratch
        self.configuration = configuration.digest
        DispatchQueue(label: "dpslens.sweep").async { self.work(configuration, basis, lastTime) }
    }

    private func work(_ configuration: CorrelationConfiguration, _ basis: String, _ lastTime: Int64?) {
        do {
            let swept = try scratch.access.writeWithoutTransaction { connection in
                var swept: SweptEvents?
                try connection.inTransaction {
                    swept = try sweep(LiveWorker(configuration, basis: basis, lastTime: lastTime, connection))
                    return .commit
                }
                return swept
            }
            state.withLock { $0.swept = $0.isLost ? nil : swept }
        } catch {
            // A disk that is full, most likely: the sweep over the stored events meets it again, and says so.
            state.withLock { $0.swept = nil }
        }
        state.withLock { $0.isLost = true }
        channel.drain()
        isDone.signal()
    }

    private func sweep(_ worker: LiveWorker) throws -> SweptEvents? {
        var worker = worker
        while var news = try channel.next() {
            guard !state.withLock({ $0.isLost }), try worker.take(news) else { return nil }
            if news.endsFile { continue }
            news.events.removeAll(keepingCapacity: true)
            state.withLock { $0.free.append(news.events) }
        }
        return try worker.finish()
    }

    // MARK: What the writing task tells

    /// Takes events on their way to the sweep.
    public func stored(_ batch: borrowing StoredBatch) {
        let begun = state.withLock { state -> (events: [SweepEvent], turn: Int)? in
            if state.isLost { return nil }
            return (state.free.popLast() ?? [], state.turn)
        }
        guard var (events, turn) = begun else { return }
        if batch.hasSnapshots || turn > Int(Int32.max) - batch.settled.count {
            // Exports tell of hubs and devices before any event does; and turns are counted in 32 bits.
            state.withLock { $0.isLost = true }
            return
        }
        events.reserveCapacity(batch.rows.count + batch.settled.count)
        var others = batch.others[...]
        for (index, row) in batch.rows.enumerated() {
            if others.first == index {
                others.removeFirst()
            } else {
                let mark = batch.correlationMark(row)
                events.append(SweepEvent(row, file: batch.file, line: row.line, correlation: mark))
            }
        }
        for settled in batch.settled {
            turn += 1
            var event = SweepEvent(
                settled.row,
                file: settled.file,
                line: settled.line,
                correlation: batch.correlationMark(settled.row)
            )
            event.copies = settled.copies
            event.turn = turn
            events.append(event)
        }
        state.withLock { $0.turn = turn }
        channel.put(
            LiveNews(
                file: (batch.file, batch.path),
                events: events,
                identities: batch.identities,
                contexts: batch.contexts
            )
        )
    }

    /// Notes that the files of an hour may be over.
    public func fileEnded() {
        if state.withLock({ $0.isLost }) { return }
        channel.put(LiveNews(endsFile: true))
    }

    // MARK: The end

    /// Waits until all that was told is swept.
    ///
    /// - Returns: nil if the sweep has given up.
    func finish() -> SweptEvents? {
        channel.finish()
        isDone.wait()
        isDone.signal()
        return state.withLock { $0.swept }
    }

    /// Gives a connection the rows that were derived, as schema `swept` within `body`; then removes them.
    func copying<Result>(to connection: Database, _ body: () throws -> Result) throws -> Result {
        try scratch.attached(to: connection, body)
    }

    /// Gives it up and removes what it wrote.
    public func discard() {
        state.withLock { $0.isLost = true }
        _ = finish()
        scratch.discard()
    }
}

extension SweepEvent {
    /// A row that is being stored.
    init(_ row: EventRow, file: Int, line: Int, correlation: UInt64) {
        self.init()
        time = row.time
        hash = row.hash
        identity = Int(row.identity)
        context = Int(row.context)
        network = Int(row.network)
        agent = Int(row.agent)
        target = Int(row.target)
        duration = row.duration
        self.correlation = correlation
        self.file = file
        self.line = line
    }
}
