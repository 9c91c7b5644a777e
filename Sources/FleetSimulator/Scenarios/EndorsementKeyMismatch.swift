/// Devices whose TPM is not the one that was enrolled.
struct EndorsementKeyMismatch: Scenario {
    let rule = "endorsement-key-mismatch"

    func plant(into ground: inout Ground) {
        let devices = ground.take(6, attestation: "tpm")
        for (index, device) in devices.enumerated() {
            for attempt in 0..<3 {
                ground.book.fail(
                    50_000 + index * 900 + attempt * 250,
                    device,
                    code: 400_004,
                    "The endorsement key is invalid or does not match."
                )
            }
        }
        ground.truths([rule], devices)
    }
}
