/// Devices that DPS throttles, and that wait as they should.
struct ThrottledDevices: Scenario {
    let rule = "throttled"

    func plant(into ground: inout Ground) {
        let devices = ground.take(20)
        for (index, device) in devices.enumerated() {
            let begin = 24_000 + index * 100
            for (second, code) in [(0, 429_001), (70, 429_001)] {
                ground.book.fail(begin + second, device, code: code, "Operations are being throttled for this tenant.")
            }
            ground.health(device, from: begin + 400, to: HealthyLife.end)
        }
        ground.truths([rule], devices)
    }
}
