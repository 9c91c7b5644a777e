/// A hub whose messages of the day are used up.
struct HubQuotaExceeded: Scenario {
    let rule = "hub-quota-exceeded"

    func plant(into ground: inout Ground) {
        let devices = ground.own(30, stem: "quota-", hub: "hub-quota")
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 2500 + index * 500, to: HealthyLife.end)
            if index < 8 { ground.book.hubError(60_000 + index * 50, hub: "hub-quota", device, code: 403_002) }
        }
        ground.truth(rule, "hub-quota")
    }
}
