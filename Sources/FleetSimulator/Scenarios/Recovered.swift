/// Devices that failed some times and then got through.
struct Recovered: Scenario {
    let rule = "recovered"

    func plant(into ground: inout Ground) {
        let devices = ground.take(12)
        for (index, device) in devices.enumerated() {
            let begin = 22_000 + index * 1400
            for attempt in 0..<5 {
                ground.book.fail(begin + attempt * 300, device, code: 500_001, "InternalServerError")
            }
            ground.health(device, from: begin + 1800, to: HealthyLife.end)
        }
        ground.truths([rule], devices)
    }
}
