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

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 2)
    private let filled = DispatchSemaphore(value: 0)

    /// Begins to read on a thread and a connection of their own; those events are read that are committed.
    init(_ pool: DatabasePool, _ facts: [ContextFacts], from start: Int64) {
        DispatchQueue.global().async { self.read(pool, facts, start) }
    }

    private func read(_ pool: DatabasePool, _ facts: [ContextFacts], _ start: Int64) {
        do {
            try pool.read { connection in
                var cursor = try EventCursor(connection, facts, from: start)
                while let batch = try cursor.next() { put(batch) }
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

    /// The next events in total order, nil at the end.
    func next() throws -> [SweepEvent]? {
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

    /// Lets the reading thread come to its end, also when the sweep stopped before.
    func drain() {
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
