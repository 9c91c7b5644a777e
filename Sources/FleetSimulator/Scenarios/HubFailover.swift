/// A hub that fails over: its devices are dropped, told so for ten minutes, and back.
struct HubFailover: Scenario {
    let rule = "hub-failover"

    func plant(into ground: inout Ground) {
        let devices = ground.own(40, stem: "over-", hub: "hub-over")
        let begin = 27 * 3600 + 900
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 1500 + index * 400, to: HealthyLife.end)
            guard index % 4 == 0 else { continue }
            ground.book.disconnect(begin + index, device, code: 404_104)
            for attempt in 0..<2 {
                ground.book.connect(
                    begin + 20 + index + attempt * 240,
                    device,
                    code: attempt == 0 ? 404_012 : 401_001
                )
            }
            ground.book.connect(begin + 700 + index * 2, device)
        }
        ground.truth(rule, "hub-over")
    }
}
