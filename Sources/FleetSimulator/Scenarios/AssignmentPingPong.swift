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
                ground.book.disconnect(begin + 200, device, hub: hub)
                ground.book.connect(begin + 260, device, hub: hub)
                ground.book.disconnect(begin + 5 * 3600 - 30, device, hub: hub)
            }
        }
        ground.truths([rule], devices)
    }
}
