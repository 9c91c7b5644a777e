/// Devices that worked for a day, each by itself, and whose tokens are refused ever since.
struct ClockDriftSuspected: Scenario {
    let rule = "clock-drift-suspected"

    func plant(into ground: inout Ground) {
        let devices = ground.take(5)
        for (index, device) in devices.enumerated() {
            let begin = 4000 + index * 1800
            ground.health(device, from: begin, to: begin + 30 * 3600)
            let lost = begin + 31 * 3600
            ground.book.disconnect(lost, device, code: 404_104)
            for attempt in 0..<10 { ground.book.connect(lost + 1000 + attempt * 1500, device, code: 401_003) }
        }
        ground.truths([rule, "hub-credential-rejected", "no-fallback-to-dps"], devices)
    }
}
