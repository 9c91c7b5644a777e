/// Devices that DPS told to wait, and never gave an answer.
struct StuckAssigning: Scenario {
    let rule = "stuck-assigning"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            for poll in 0..<5 { ground.book.poll(33_000 + index * 900 + poll * 20, device) }
        }
        ground.truths([rule], devices)
    }
}
