/// Two hubs of equal weight, of which one gets eleven devices of twelve.
struct AllocationSkew: Scenario {
    let rule = "allocation-skew"

    func plant(into ground: inout Ground) {
        let export = """
            {"name":"dps-skew","type":"Microsoft.Devices/provisioningServices","properties":{"idScope":"0ne00000001",\
            "allocationPolicy":"Hashed","iotHubs":[{"name":"hub-skew-a.azure-devices.net","allocationWeight":1,\
            "applyAllocationPolicy":true},{"name":"hub-skew-b.azure-devices.net","allocationWeight":1,\
            "applyAllocationPolicy":true}]}}

            """
        ground.book.others.append(("exports/dps-skew.json", Array(export.utf8)))
        let devices = ground.own(72, stem: "skew-", hub: "hub-skew-a", group: "skewed", dps: "dps-skew")
        for (index, device) in devices.enumerated() {
            var device = device
            if index % 12 == 0 { device.hub = "hub-skew-b" }
            ground.health(device, from: 3600 + index * 500, to: HealthyLife.end)
        }
        ground.truth(rule, "hub-skew-a")
        ground.truth(rule, "hub-skew-b")
    }
}
