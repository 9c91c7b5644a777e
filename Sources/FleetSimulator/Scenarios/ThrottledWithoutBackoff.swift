/// Devices that answer throttling with more requests.
struct ThrottledWithoutBackoff: Scenario {
    let rule = "throttled-without-backoff"

    func plant(into ground: inout Ground) {
        let devices = ground.take(8)
        for (index, device) in devices.enumerated() {
            let begin = 26_000 + index * 200
            for attempt in 0..<16 {
                ground.book.fail(
                    begin + attempt * 2,
                    device,
                    code: 429_001,
                    "Operations are being throttled for this tenant."
                )
            }
            ground.health(device, from: begin + 900, to: HealthyLife.end)
        }
        ground.truths([rule, "throttled", "recovered"], devices)
    }
}
