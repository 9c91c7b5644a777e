/// Devices whose enrollment was deleted, or disabled as an export says, and that connect hours later.
struct DecommissionedButAlive: Scenario {
    let rule = "decommissioned-but-alive"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10, attestation: "tpm")
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 6000 + index * 700, to: 40_000)
            if index < 6 {
                ground.book.change(80_000 + index * 60, "Delete", id: device.id, dps: device.dps.name)
            } else {
                let export = """
                    {"registrationId":"\(device.id)","attestation":{"type":"tpm"},"provisioningStatus":"disabled",\
                    "createdDateTimeUtc":"2026-01-10T08:00:00Z","lastUpdatedDateTimeUtc":"2026-03-03T02:00:00Z"}

                    """
                ground.book.others.append(("exports/\(device.id).json", Array(export.utf8)))
            }
            for visit in [100_000, 120_000] { HealthyLife.visit(visit + index * 300, device, &ground.book) }
        }
        ground.truths([rule], devices)
    }
}
