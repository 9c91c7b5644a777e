/// A hub whose registry is asked for more than its units allow while many devices are made.
struct IdentityOperationsFailing: Scenario {
    let rule = "identity-operations-failing"

    func plant(into ground: inout Ground) {
        let devices = ground.own(60, stem: "made-", hub: "hub-us-2")
        for (index, device) in devices.enumerated() {
            ground.book.hubError(
                98_000 + index * 6,
                hub: device.hub,
                device,
                code: 429_001,
                category: "DeviceIdentityOperations"
            )
        }
        ground.truth(rule, "hub-us-2")
    }
}
