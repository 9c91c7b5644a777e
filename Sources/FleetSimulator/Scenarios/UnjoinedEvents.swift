/// A fourth of the fleet was provisioned before the logs begin: `Fleet` lets it come without a registration.
struct UnjoinedEvents: Scenario {
    let rule = "unjoined-events"
    /// Of a hundred healthy devices.
    static let share = 26

    func plant(into ground: inout Ground) { ground.truth(rule, "fleet") }
}
