/// Single devices with wrong keys, here and there in the series.
struct KeyDerivationFailure: Scenario {
    let rule = "key-derivation-failure"

    func plant(into ground: inout Ground) {
        let devices = ground.take(15)
        for (index, device) in devices.enumerated() {
            for attempt in 0..<4 {
                ground.book.fail(
                    18_000 + index * 2000 + attempt * 400,
                    device,
                    code: 401_002,
                    "Unauthorized",
                    isGroupLogged: index % 2 == 0
                )
            }
        }
        ground.truths([rule], devices)
    }
}
