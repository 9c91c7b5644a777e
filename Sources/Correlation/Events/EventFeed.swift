import Dispatch
import EventStore
import GRDB

/// Hands the events to the sweep in batches, read by a connection and a thread of their own.
///
/// Two batches are on their way at most, so memory does not grow with the table.
final class EventFeed: Sendable {
    private let channel = Handoff<[SweepEvent]>(room: 2)

    /// Begins to read on a thread and a connection of their own; those events are read that are committed.
    init(_ pool: DatabasePool, _ facts: [ContextFacts], from start: Int64) {
        DispatchQueue.global().async { self.read(pool, facts, start) }
    }

    private func read(_ pool: DatabasePool, _ facts: [ContextFacts], _ start: Int64) {
        do {
            try pool.read { connection in
                var cursor = try EventCursor(connection, facts, from: start)
                while let batch = try cursor.next() { channel.put(batch) }
            }
            channel.finish()
        } catch {
            channel.finish(error)
        }
    }

    /// The next events in total order, nil at the end.
    func next() throws -> [SweepEvent]? { try channel.next() }

    /// Lets the reading thread come to its end, also when the sweep stopped before.
    func drain() { channel.drain() }
}
