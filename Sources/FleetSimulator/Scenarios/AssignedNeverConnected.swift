/// Devices that DPS assigned and of which no hub ever heard.
struct AssignedNeverConnected: Scenario {
    let rule = "assigned-never-connected"

    func plant(into ground: inout Ground) {
        let devices = ground.take(20) + ground.take(5, attestation: "x509")
        for (index, device) in devices.enumerated() { ground.book.assign(20_000 + index * 900, device) }
        ground.truths([rule], devices)
    }
}
