/// Devices for which the webhook of custom allocation fails.
struct CustomAllocationFailed: Scenario {
    let rule = "custom-allocation-failed"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            for attempt in 0..<3 {
                ground.book.fail(
                    25_000 + index * 700 + attempt * 200,
                    device,
                    code: 400_207,
                    "Custom allocation failed with status code: 400",
                    isGroupLogged: true
                )
            }
        }
        ground.truths([rule], devices)
    }
}
