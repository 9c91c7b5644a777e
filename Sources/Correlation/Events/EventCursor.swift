import AzureLogs
import EventStore
import GRDB

/// All events in total order: by time, then by `TieRank`, then by hash; read in batches.
struct EventCursor {
    private static let batchSize = 1 << 13
    private let statement: PreparedStatement
    private let order: TieOrder
    /// Contexts of registrations: the sweep asks only them for target, duration and correlation id.
    private let isRegistration: [Bool]
    /// How many identities, networks and agents there are, and one more for none.
    private let counts: (identities: Int, networks: Int, agents: Int)
    /// The first event behind the last batch: one that begins a new time is seen only when it is read.
    private var ahead: SweepEvent?
    private var isOver = false

    /// A cursor over the events from a time on.
    init(_ database: Database, _ facts: [ContextFacts], from start: Int64) throws {
        statement = try PreparedStatement(
            database,
            """
            SELECT time, hash, identity, context, network, agent, target, duration, correlation, copies, file, line
            FROM event WHERE time >= ? ORDER BY time, hash
            """
        )
        statement.bind(1, start)
        counts = (
            try RowNumbers.highest(of: "identity", database) + 1,
            try RowNumbers.highest(of: "network", database) + 1, try RowNumbers.highest(of: "agent", database) + 1
        )
        order = TieOrder(facts)
        isRegistration = facts.map { $0.kind == .registration }
    }

    /// The next events, nil at the end; events of one time are never in two batches.
    mutating func next() throws -> [SweepEvent]? {
        if isOver { return nil }
        var batch: [SweepEvent] = []
        batch.reserveCapacity(Self.batchSize + 64)
        var tie = 0
        if let first = ahead { batch.append(first) }
        ahead = nil
        while try statement.next() {
            let event = event()
            if let last = batch.last, last.time != event.time {
                guard last.time < event.time else { throw StoreError.damaged("events are not in order") }
                order.sort(&batch, tie..<batch.count)
                if batch.count >= Self.batchSize {
                    ahead = event
                    return batch
                }
                tie = batch.count
            }
            batch.append(event)
        }
        order.sort(&batch, tie..<batch.count)
        isOver = true
        return batch.isEmpty ? nil : batch
    }

    private func event() -> SweepEvent {
        var event = SweepEvent()
        event.time = statement.integer(0)
        event.hash = statement.bits(1)
        event.identity = statement.index(2, below: counts.identities)
        event.context = statement.index(3, below: isRegistration.count)
        event.network = statement.index(4, below: counts.networks)
        event.agent = statement.index(5, below: counts.agents)
        if isRegistration[event.context] {
            event.target = statement.index(6, below: counts.identities)
            event.duration = statement.isNull(7) ? -1 : statement.integer(7)
            event.correlation = statement.mark(8)
        }
        // As many as lines of one file.
        event.copies = statement.index(9, below: Int(Int32.max))
        event.file = Int(statement.integer(10))
        event.line = Int(statement.integer(11))
        return event
    }
}
