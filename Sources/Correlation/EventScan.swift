import AzureLogs
import EventStore
import GRDB

/// All events in total order: by time, then by `TieRank`, then by hash.
enum EventScan {
    /// Calls `body` for every event.
    static func forEach(_ database: Database, _ facts: [ContextFacts], _ body: (SweepEvent) throws -> Void) throws {
        let statement = try PreparedStatement(
            database,
            """
            SELECT time, hash, identity, context, network, agent, target, duration, correlation, copies, file, line
            FROM event ORDER BY time, hash
            """
        )
        var tied: [SweepEvent] = []
        func release() throws {
            if tied.count > 1 {
                tied.sort { a, b in
                    (TieRank.rank(facts[a.context]), a.hash) < (TieRank.rank(facts[b.context]), b.hash)
                }
            }
            for event in tied { try body(event) }
            tied.removeAll(keepingCapacity: true)
        }
        while try statement.next() {
            let event = event(statement)
            if let first = tied.first, first.time != event.time { try release() }
            tied.append(event)
        }
        try release()
    }

    private static func event(_ row: PreparedStatement) -> SweepEvent {
        var event = SweepEvent()
        event.time = row.integer(0)
        event.hash = row.integer(1)
        event.identity = Int(row.integer(2))
        event.context = Int(row.integer(3))
        event.network = Int(row.integer(4))
        event.agent = Int(row.integer(5))
        event.target = Int(row.integer(6))
        event.duration = row.isNull(7) ? -1 : row.integer(7)
        if !row.isNull(8) {
            var bytes = row.bytes(8)
            let count = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: 32))
            event.correlation = Fingerprint.hash(bytes.span.bytes, 0, count, seed: 3) | 1
        }
        event.copies = Int(row.integer(9))
        event.file = Int(row.integer(10))
        event.line = Int(row.integer(11))
        return event
    }
}
