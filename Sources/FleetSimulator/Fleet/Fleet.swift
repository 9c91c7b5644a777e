/// A fleet of many devices: all scenarios at once among healthy devices, or healthy devices alone.
public struct Fleet: Sendable {
    /// What the services log.
    public var book: FleetBook
    /// What must be found, and nothing else.
    public var truths: [Ground.Planted]
    /// The devices.
    public var plan: FleetPlan

    /// A fleet with every scenario.
    public static func troubled(devices: Int, seed: UInt64) -> Fleet {
        make(devices, seed, Scenarios.all, known: UnjoinedEvents.share)
    }

    /// A fleet in which nothing is wrong.
    public static func healthy(devices: Int, seed: UInt64) -> Fleet { make(devices, seed, [], known: healthyKnown) }

    /// Of a hundred devices of a fleet without scenarios, how many were provisioned before the logs begin.
    static let healthyKnown = 5

    /// Whether a device was provisioned before the logs begin, by its number in the plan.
    static func isKnown(_ index: Int, _ known: Int) -> Bool { index % 100 < known }

    private static func make(_ devices: Int, _ seed: UInt64, _ scenarios: [any Scenario], known: Int) -> Fleet {
        let plan = FleetPlan(devices: devices, seed: seed)
        var ground = Ground(plan, FleetBook(start: Stories.start, seed: seed ^ 0x466C_6565_74))
        for scenario in scenarios { ground.plant(scenario) }
        for (index, device) in plan.devices.enumerated() where !ground.taken[index] {
            HealthyLife.write(device, isKnown: isKnown(index, known), into: &ground.book)
        }
        return Fleet(book: ground.book, truths: ground.truths, plan: plan)
    }
}
