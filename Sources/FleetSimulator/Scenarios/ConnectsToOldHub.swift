/// Devices that DPS moved to another hub and that go on with the old one.
struct ConnectsToOldHub: Scenario {
    let rule = "connects-to-old-hub"

    func plant(into ground: inout Ground) {
        let devices = ground.take(15)
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 5000 + index * 800, to: 60_000)
            let moved = 90_000 + index * 1500
            let other = device.hub == "hub-eu-1" ? "hub-eu-2" : "hub-eu-1"
            ground.book.disconnect(moved - 20, device)
            ground.book.assign(moved, device, hub: other)
            ground.book.connect(moved + 6, device)
            HealthyLife.renew(moved + 20_000, device, &ground.book)
        }
        ground.truths([rule], devices)
    }
}
