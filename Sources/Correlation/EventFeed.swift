import Dispatch
import EventStore
import GRDB
import Synchronization

/// Hands the events to the sweep in batches, read by a connection and a thread of their own where the database has them.
///
/// Two batches are on their way at most, so memory does not grow with the table.
final class EventFeed: Sendable {
    private struct State {
        var batches: [[SweepEvent]] = []
        var isOver = false
        var failure: (any Error)?
    }

    private static let batchSize = 1 << 13
    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 2)
    private let filled = DispatchSemaphore(value: 0)

    /// Calls `body` for all events in total order.
    ///
    /// - Parameters:
    ///   - database: where the events are; those that are committed are read.
    ///   - connection: the writing connection, by which an in-memory database is read.
    static func forEach(
        _ database: LogDatabase,
        _ connection: Database,
        _ facts: [ContextFacts],
        _ body: (SweepEvent) throws -> Void
    ) throws {
        guard let pool = database.access as? DatabasePool else { return try EventScan.forEach(connection, facts, body) }
        let feed = EventFeed()
        DispatchQueue.global().async { feed.read(pool, facts) }
        defer { feed.drain() }
        while let batch = try feed.next() { for event in batch { try body(event) } }
    }

    private func read(_ pool: DatabasePool, _ facts: [ContextFacts]) {
        do {
            try pool.read { connection in
                var batch: [SweepEvent] = []
                batch.reserveCapacity(Self.batchSize)
                try EventScan.forEach(connection, facts) { event in
                    batch.append(event)
                    if batch.count < Self.batchSize { return }
                    put(batch)
                    batch.removeAll(keepingCapacity: true)
                }
                if !batch.isEmpty { put(batch) }
            }
            state.withLock { $0.isOver = true }
        } catch {
            state.withLock {
                $0.failure = error
                $0.isOver = true
            }
        }
        filled.signal()
    }

    private func put(_ batch: [SweepEvent]) {
        room.wait()
        state.withLock { $0.batches.append(batch) }
        filled.signal()
    }

    private func next() throws -> [SweepEvent]? {
        filled.wait()
        let (batch, failure) = state.withLock { state in
            (state.batches.isEmpty ? nil : state.batches.removeFirst(), state.failure)
        }
        if let batch {
            room.signal()
            return batch
        }
        // What ended the reading is left for whoever asks next.
        filled.signal()
        if let failure { throw failure }
        return nil
    }

    /// Lets the reading thread come to its end when the sweep stopped before.
    private func drain() {
        while true {
            filled.wait()
            let isOver = state.withLock { state in
                if !state.batches.isEmpty {
                    state.batches.removeFirst()
                    room.signal()
                    return false
                }
                return state.isOver
            }
            if isOver { return }
        }
    }
}
