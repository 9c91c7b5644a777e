/// A quiet fleet: token renewals every 65 minutes look like outages, and there is nothing to find.
struct HealthyFleet: Story {
    let name = "healthy-with-renewals"
    let summary = """
        30 devices register once, connect, and renew their tokens every 65 minutes: over the day that makes hundreds of \
        errors 404104 and 401003, and all of them are normal life. There is nothing to find.
        """
    let truths: [Truth] = []

    func write(into log: inout FleetLog) {
        let ids = (1...30).map { "pump-\(100 + $0)" }
        for (index, id) in ids.enumerated() { log.attestation(index * 37, id) }
        log.healthy(ids, hub: "hub-north", group: "pumps", hours: 24)
    }
}
