/// Devices that their hub throttles, and a hub that throttles without naming one.
struct HubThrottled: Scenario {
    let rule = "hub-throttled"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 2500 + index * 500, to: HealthyLife.end)
            for error in 0..<5 {
                ground.book.hubError(64_000 + index * 800 + error * 300, hub: device.hub, device, code: 429_001)
            }
        }
        ground.truths([rule], devices)
        for error in 0..<5 { ground.book.hubError(70_000 + error * 120, hub: "hub-us-1", nil, code: 429_001) }
        ground.truth(rule, "hub-us-1")
    }
}
