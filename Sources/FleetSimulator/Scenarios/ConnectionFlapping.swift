/// Devices that come and go every few minutes.
struct ConnectionFlapping: Scenario {
    let rule = "connection-flapping"

    func plant(into ground: inout Ground) {
        let devices = ground.take(12)
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 7000 + index * 1000, to: 60_000)
            let begin = 80_000 + index * 2000
            for cycle in 0..<14 {
                ground.book.disconnect(begin + cycle * 240, device, code: index % 2 == 0 ? 404_104 : 0)
                ground.book.connect(begin + cycle * 240 + 30, device)
            }
        }
        ground.truths([rule], devices)
    }
}
