/// Single devices whose certificates were never right.
struct CertificateRejected: Scenario {
    let rule = "certificate-rejected"

    func plant(into ground: inout Ground) {
        let devices = ground.take(12, attestation: "x509")
        for (index, device) in devices.enumerated() {
            for attempt in 0..<4 {
                ground.book.fail(
                    15_000 + index * 3000 + attempt * 700,
                    device,
                    code: 401_002,
                    "CA certificate not found."
                )
            }
        }
        ground.truths([rule], devices)
    }
}
