/// Certificates of one generation run out: some devices ask three times, those of another group once.
struct CertificateExpiryWave: Scenario {
    let rule = "certificate-expiry-wave"

    func plant(into ground: inout Ground) {
        for (group, attempts) in [("generation-2021", 3), ("generation-2022", 1)] {
            let devices = ground.own(60, stem: group + "-", group: group, attestation: "x509")
            for (index, device) in devices.enumerated() {
                ground.health(device, from: 1200 + index * 500, to: 100_000)
                guard index < 20 else {
                    HealthyLife.renew(120_000 + index * 300, device, &ground.book)
                    continue
                }
                for attempt in 0..<attempts {
                    ground.book.fail(
                        100_800 + index * 900 + attempt * 400,
                        device,
                        code: 401_002,
                        "Invalid certificate"
                    )
                }
            }
            if attempts >= 3 { ground.truths(["certificate-rejected"], Array(devices[..<20])) }
            ground.truth(rule, group)
        }
    }
}
