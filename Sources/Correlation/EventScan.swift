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
        let ranks = facts.map { TieRank.rank($0) }
        var tied: [SweepEvent] = []
        func release() throws {
            if tied.count > 1 { sort(&tied, ranks) }
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

    /// The rows come by hash: only the ranks are to be put in order, of a handful of rows, so by insertion.
    private static func sort(_ tied: inout [SweepEvent], _ ranks: [Int]) {
        if tied.count > 64 {
            tied.sort { a, b in (ranks[a.context], a.hash) < (ranks[b.context], b.hash) }
            return
        }
        for index in 1..<tied.count {
            var at = index
            let rank = ranks[tied[index].context]
            if ranks[tied[index - 1].context] <= rank { continue }
            let event = tied[index]
            while at > 0, ranks[tied[at - 1].context] > rank {
                tied[at] = tied[at - 1]
                at -= 1
            }
            tied[at] = event
        }
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
        event.correlation = row.mark(8)
        event.copies = Int(row.integer(9))
        event.file = Int(row.integer(10))
        event.line = Int(row.integer(11))
        return event
    }
}
