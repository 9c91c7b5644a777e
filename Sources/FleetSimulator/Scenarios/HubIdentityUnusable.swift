/// Devices that worked until their identity in the hub was deleted or disabled.
struct HubIdentityUnusable: Scenario {
    let rule = "hub-identity-unusable"

    func plant(into ground: inout Ground) {
        for code in [404_001, 403_012] {
            let devices = ground.take(7)
            for (index, device) in devices.enumerated() {
                ground.health(device, from: 3500 + index * 900, to: 60_000)
                let lost = 88_000 + index * 1700
                ground.book.disconnect(lost, device)
                for attempt in 0..<5 { ground.book.connect(lost + 60 + attempt * 300, device, code: code) }
            }
            ground.truths([rule], devices)
        }
    }
}
