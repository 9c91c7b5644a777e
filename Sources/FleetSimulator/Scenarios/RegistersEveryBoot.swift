/// Devices that ask DPS each time they start, although what it said before still works.
struct RegistersEveryBoot: Scenario {
    let rule = "registers-every-boot"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            for boot in 0..<6 {
                let begin = 8000 + index * 900 + boot * 12_000
                ground.book.assign(begin, device)
                ground.book.connect(begin + 5, device)
                ground.book.disconnect(begin + 3000, device)
                ground.book.connect(begin + 3100, device)
                ground.book.disconnect(begin + 11_900, device)
            }
        }
        for (index, device) in devices.enumerated() {
            ground.book.connect(82_000 + index * 600, device)
            for renewal in 1..<3 { HealthyLife.renew(82_000 + index * 600 + renewal * 30_000, device, &ground.book) }
        }
        ground.truths([rule], devices)
    }
}
