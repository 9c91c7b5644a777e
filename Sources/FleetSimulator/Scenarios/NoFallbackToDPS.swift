/// Devices that the hub refuses after an assignment, or after health, and that never ask DPS again.
struct NoFallbackToDPS: Scenario {
    let rule = "no-fallback-to-dps"

    func plant(into ground: inout Ground) {
        let fresh = ground.take(6)
        for (index, device) in fresh.enumerated() {
            let begin = 104_000 + index * 1300
            ground.book.assign(begin - 300, device)
            ground.book.assign(begin, device)
            for attempt in 0..<8 { ground.book.connect(begin + 5 + attempt * 420, device, code: 401_003) }
        }
        ground.truths([rule, "assigned-then-refused"], fresh)
        let healthy = ground.take(6)
        for (index, device) in healthy.enumerated() {
            ground.health(device, from: 3000 + index * 800, to: 60_000)
            ground.book.disconnect(95_000 + index * 900, device)
            for attempt in 0..<8 { ground.book.connect(95_060 + index * 900 + attempt * 420, device, code: 404_001) }
        }
        ground.truths([rule, "hub-identity-unusable"], healthy)
    }
}
