/// Devices that DPS assigned and their hub turns away, with each of the codes that say why.
struct AssignedThenRefused: Scenario {
    let rule = "assigned-then-refused"

    func plant(into ground: inout Ground) {
        for code in [401_002, 401_003, 403_012, 404_001] {
            let devices = ground.take(8)
            for (index, device) in devices.enumerated() {
                let begin = 30_000 + index * 2500
                // Twice, as devices do that were turned away.
                ground.book.assign(begin - 300, device)
                ground.book.assign(begin, device)
                for attempt in 0..<4 { ground.book.connect(begin + 6 + attempt * 130, device, code: code) }
            }
            ground.truths([rule], devices)
        }
    }
}
