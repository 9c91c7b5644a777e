/// A group whose registrations take a quarter of a minute where others take a third of a second.
struct SlowProvisioning: Scenario {
    let rule = "slow-provisioning"

    func plant(into ground: inout Ground) {
        let devices = ground.own(60, stem: "slow-", group: "slow-webhook")
        for (index, device) in devices.enumerated() {
            let begin = 14_000 + index * 700
            ground.book.assign(begin, device, milliseconds: 9000 + index * 100)
            ground.book.connect(begin + 20, device)
            for renewal in 1..<3 { HealthyLife.renew(begin + renewal * 30_000, device, &ground.book) }
        }
        ground.truth(rule, "slow-webhook")
    }
}
