/// Devices that DPS gives to another hub and back again.
struct AssignmentPingPong: Scenario {
    let rule = "assignment-ping-pong"

    func plant(into ground: inout Ground) {
        let devices = ground.take(8)
        for (index, device) in devices.enumerated() {
            let other = device.hub == "hub-eu-1" ? "hub-eu-2" : "hub-eu-1"
            for (step, hub) in [device.hub, other, device.hub].enumerated() {
                let begin = 9000 + index * 1700 + step * 5 * 3600
                ground.book.assign(begin, device, hub: hub)
                ground.book.connect(begin + 6, device, hub: hub)
                // Seen in other hours as well, so that one cut-off file does not hide where it was.
                for visit in [200, 4000, 9000] {
                    ground.book.disconnect(begin + visit, device, hub: hub)
                    ground.book.connect(begin + visit + 60, device, hub: hub)
                }
                ground.book.disconnect(begin + 5 * 3600 - 30, device, hub: hub)
            }
        }
        for (index, device) in devices.enumerated() {
            ground.book.connect(80_000 + index * 600, device)
            for renewal in 1..<3 { HealthyLife.renew(80_000 + index * 600 + renewal * 30_000, device, &ground.book) }
        }
        ground.truths([rule], devices)
    }
}
