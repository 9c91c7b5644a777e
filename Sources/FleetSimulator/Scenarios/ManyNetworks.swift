/// Registration ids that ask from many places, and do not always get an answer.
struct ManyNetworks: Scenario {
    let rule = "many-networks"

    func plant(into ground: inout Ground) {
        let devices = ground.take(8)
        for (index, device) in devices.enumerated() {
            for place in 0..<6 {
                let network = "100.\(100 + place).9.XXX"
                let second = 10_000 + index * 1000 + place * 7000
                guard place % 2 == 0 else {
                    ground.book.fail(second, device, code: 500_001, "InternalServerError", network: network)
                    continue
                }
                ground.book.assign(second, device, network: network)
                ground.book.connect(second + 8, device, network: network)
                ground.book.disconnect(second + 60, device, network: network)
                ground.book.connect(second + 100, device, network: network)
                ground.book.disconnect(second + 6000, device, network: network)
            }
        }
        for (index, device) in devices.enumerated() {
            ground.book.connect(75_000 + index * 600, device)
            for renewal in 1..<3 { HealthyLife.renew(75_000 + index * 600 + renewal * 30_000, device, &ground.book) }
        }
        ground.truths([rule], devices)
    }
}
