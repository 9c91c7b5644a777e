/// A hub that loses a third of its devices within three minutes; they come back after a quarter of an hour.
struct MassDisconnect: Scenario {
    let rule = "mass-disconnect"

    func plant(into ground: inout Ground) {
        let devices = ground.own(180, stem: "mass-", hub: "hub-mass")
        let lost = 26 * 3600 + 600
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 1000 + index * 240, to: HealthyLife.end)
            guard index % 3 == 0 else { continue }
            ground.book.disconnect(lost + index, device, code: 404_104)
            ground.book.connect(lost + 900 + index * 2, device)
        }
        ground.truth(rule, "hub-mass")
    }
}
