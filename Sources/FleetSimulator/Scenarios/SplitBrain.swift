/// Devices that two hubs accept by turns.
struct SplitBrain: Scenario {
    let rule = "split-brain"

    func plant(into ground: inout Ground) {
        let devices = ground.take(8)
        for (index, device) in devices.enumerated() {
            let begin = 7000 + index * 1200
            let other = device.hub == "hub-eu-1" ? "hub-eu-2" : "hub-eu-1"
            ground.book.assign(begin, device)
            for renewal in 1..<4 { HealthyLife.renew(begin + 33_000 + renewal * 30_000, device, &ground.book) }
            for turn in 0..<7 {
                let hub = turn % 2 == 0 ? device.hub : other
                // Twice each time, so that one lost record does not hide a turn.
                ground.book.connect(begin + 10 + turn * 5000, device, hub: hub)
                ground.book.disconnect(begin + 300 + turn * 5000, device, hub: hub)
                ground.book.connect(begin + 400 + turn * 5000, device, hub: hub)
                ground.book.disconnect(begin + 4000 + turn * 5000, device, hub: hub)
            }
        }
        ground.truths([rule], devices)
    }
}
