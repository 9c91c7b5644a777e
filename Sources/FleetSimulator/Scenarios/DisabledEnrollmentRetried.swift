/// Devices that go on asking although their enrollment is disabled.
struct DisabledEnrollmentRetried: Scenario {
    let rule = "disabled-enrollment-retried"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            for attempt in 0..<4 { ground.book.disabled(40_000 + index * 800 + attempt * 600, device) }
        }
        ground.truths([rule], devices)
    }
}
