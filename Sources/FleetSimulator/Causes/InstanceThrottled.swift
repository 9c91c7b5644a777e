/// A DPS instance throttles: many devices start at once, and each gets through at the third time.
struct InstanceThrottled: Cause {
    let name = "a DPS instance throttled"
    let attribute = "dps"
    let value = "dps-us"

    func strike(_ stage: inout Stage) {
        let struck = stage.take(600) { $0.dps.name == value }
        for (second, device) in stage.spread(struck, from: 3000, over: 600) {
            stage.book.disconnect(second - 60, device)
            for attempt in 0..<2 {
                stage.book.fail(
                    second + attempt * 150,
                    device,
                    code: 429_001,
                    "Operations are being throttled for this tenant."
                )
            }
            stage.book.assign(second + 500, device)
            stage.book.connect(second + 506, device)
        }
    }
}
