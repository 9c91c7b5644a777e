import EventStore
import GRDB

/// What a live sweep gave, and the numbers that it gave it with.
struct SweptEvents: Sendable {
    let outcome: SweepOutcome
    private let facts: [ContextFacts]
    private let instances: Instances
    private let leaders: [Int]
    private let records: Int

    init(_ outcome: SweepOutcome, facts: [ContextFacts], instances: Instances, leaders: [Int], records: Int) {
        self.outcome = outcome
        self.facts = facts
        self.instances = instances
        self.leaders = leaders
        self.records = records
    }

    /// Whether it is of all events of a database, with the numbers that a sweep of its own would give.
    ///
    /// It does not compare the events themselves: they were told by who stored them.
    func isWhole(
        _ facts: [ContextFacts],
        _ instances: Instances,
        _ leaders: [Int],
        _ database: Database
    ) throws -> Bool {
        let stored = try Int.checkedOne(database, sql: "SELECT coalesce(sum(stored), 0) FROM file") ?? 0
        return stored == records && facts == self.facts && leaders == self.leaders
            && instances.names.elementsEqual(self.instances.names, by: ==)
            && instances.words.all.elementsEqual(self.instances.words.all) { $0.utf8.elementsEqual($1.utf8) }
    }
}
