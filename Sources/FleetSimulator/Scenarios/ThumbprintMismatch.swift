/// Devices whose certificate was renewed, and not its thumbprint in the hub.
struct ThumbprintMismatch: Scenario {
    let rule = "thumbprint-mismatch"

    func plant(into ground: inout Ground) {
        let devices = ground.take(8, attestation: "x509")
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 5500 + index * 900, to: 60_000)
            let lost = 92_000 + index * 1700
            ground.book.disconnect(lost, device)
            for attempt in 0..<5 {
                ground.book.connect(
                    lost + 60 + attempt * 300,
                    device,
                    code: 401_003,
                    message: "Thumbprint does not match configuration: Thumbprint: SHA1Hash=0, SHA2Hash=0"
                )
            }
        }
        ground.truths([rule], devices)
    }
}
