/// Devices whose credential worked and is refused, and that ask DPS in between without success.
struct HubCredentialRejected: Scenario {
    let rule = "hub-credential-rejected"

    func plant(into ground: inout Ground) {
        let devices = ground.take(12)
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 4500 + index * 900, to: 60_000)
            let lost = 90_000 + index * 1500
            ground.book.disconnect(lost, device, code: 404_104)
            for attempt in 0..<6 {
                let second = lost + 300 + attempt * 600
                ground.book.connect(second, device, code: attempt % 2 == 0 ? 401_003 : 401_002)
                // Asked, and not answered: one failure of each kind, which says nothing by itself.
                if attempt == 1 { ground.book.fail(second + 60, device, code: 500_001, "InternalServerError") }
                if attempt == 3 { ground.book.fail(second + 60, device, code: 429_001, "Throttled") }
            }
        }
        ground.truths([rule], devices)
    }
}
