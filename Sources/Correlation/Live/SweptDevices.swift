import GRDB

/// What a live sweep knows of devices once all events were swept, and the numbers that it used.
struct SweptDevices: Sendable {
    var devices: [DeviceState]
    var explained: ExplainedCounts
    var facts: [ContextFacts]
    var instances: Instances
    var leaders: [Int]
    /// Records of all events.
    var records: Int

    /// Whether it is of all events of a database, with the numbers that a sweep of its own would give.
    ///
    /// It does not compare the events themselves: they were told by who stored them.
    func isWhole(
        _ facts: [ContextFacts],
        _ instances: Instances,
        _ leaders: [Int],
        _ database: Database
    ) throws -> Bool {
        let stored = try Int.fetchOne(database, sql: "SELECT coalesce(sum(stored), 0) FROM file") ?? 0
        return stored == records && facts == self.facts && leaders == self.leaders
            && instances.names.elementsEqual(self.instances.names, by: ==)
    }

    /// Writes what the devices' records come to, and the errors that are explained.
    func write(_ words: Words, _ database: Database) throws {
        var writer = try DerivedWriter(database, words)
        try Sweep.endDevices(devices, where: { _ in true }, &writer)
        try explained.finish(mayStand: false, database)
    }
}
