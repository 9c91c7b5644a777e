/// Devices that attest at an instance whose log names no hub, and of which no hub ever hears.
struct AttestedNeverConnected: Scenario {
    let rule = "attested-never-connected"

    func plant(into ground: inout Ground) {
        let devices = ground.own(10, stem: "quiet-").map { device in
            var device = device
            device.dps = FleetPlan.laboratory
            return device
        }
        for (index, device) in devices.enumerated() {
            for attempt in 0..<(1 + index % 4) {
                ground.book.assign(36_000 + index * 1700 + attempt * 10_800, device)
            }
        }
        ground.truths([rule], devices)
    }
}
