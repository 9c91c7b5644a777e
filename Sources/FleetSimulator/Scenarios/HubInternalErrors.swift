/// A hub that has trouble inside for half an hour.
struct HubInternalErrors: Scenario {
    let rule = "hub-internal-errors"

    func plant(into ground: inout Ground) {
        let devices = ground.own(60, stem: "inner-", hub: "hub-inner")
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 2500 + index * 500, to: HealthyLife.end)
            guard index < 18 else { continue }
            let second = 25 * 3600 + 300 + index * 100
            ground.book.disconnect(second, device, code: index % 2 == 0 ? 500_001 : 503_001)
            ground.book.connect(second + 40, device)
        }
        ground.truth(rule, "hub-inner")
    }
}
