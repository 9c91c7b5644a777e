/// Devices that ask DPS every few minutes: some connect each time, some only in the end.
struct RegistrationLoop: Scenario {
    let rule = "registration-loop"

    func plant(into ground: inout Ground) {
        let connecting = ground.take(8)
        for (index, device) in connecting.enumerated() {
            for round in 0..<8 {
                let begin = 28_000 + index * 1700 + round * 430
                ground.book.assign(begin, device)
                ground.book.connect(begin + 5, device)
                ground.book.disconnect(begin + 300, device)
            }
        }
        // In the end they stay where they are.
        for (index, device) in connecting.enumerated() {
            ground.book.connect(50_000 + index * 600, device)
            for renewal in 1..<4 { HealthyLife.renew(50_000 + index * 600 + renewal * 32_000, device, &ground.book) }
        }
        ground.truths([rule, "registers-every-boot"], connecting)
        let silent = ground.take(8)
        for (index, device) in silent.enumerated() {
            let begin = 29_000 + index * 1700
            for round in 0..<10 { ground.book.assign(begin + round * 180, device) }
            ground.health(device, from: begin + 10 * 180, to: HealthyLife.end)
        }
        ground.truths([rule], silent)
    }
}
