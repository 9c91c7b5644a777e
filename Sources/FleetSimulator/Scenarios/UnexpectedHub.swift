/// A group whose enrollment names one hub, and some of whose devices were given another.
struct UnexpectedHub: Scenario {
    let rule = "unexpected-hub"

    func plant(into ground: inout Ground) {
        let export = """
            {"enrollmentGroupId":"contract","attestation":{"type":"symmetricKey"},"provisioningStatus":"enabled",\
            "createdDateTimeUtc":"2026-01-10T08:00:00Z","lastUpdatedDateTimeUtc":"2026-02-19T08:00:00Z",\
            "iotHubs":["hub-eu-1.azure-devices.net"]}

            """
        ground.book.others.append(("exports/contract.json", Array(export.utf8)))
        let devices = ground.own(30, stem: "contract-", hub: "hub-eu-1", group: "contract")
        for (index, device) in devices.enumerated() {
            var device = device
            if index < 8 { device.hub = "hub-eu-2" }
            ground.health(device, from: 16_000 + index * 600, to: HealthyLife.end)
        }
        ground.truths([rule], Array(devices[..<8]))
    }
}
