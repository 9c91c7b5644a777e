/// Two hubs of equal weight, of which one gets eleven devices of twelve; and, where no weights are known, a group of which
/// one hub gets nearly all beside two that are spread.
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
        plantGroups(like: devices, into: &ground)
    }

    /// - Parameter peers: whose attributes the devices have, so that the fleet need not give more of its own.
    private func plantGroups(like peers: [FleetDevice], into ground: inout Ground) {
        let groups = ["even-a", "even-b", "even-c"]
        let export = groups.map {
            #"{"enrollmentGroupId":"\#($0)","allocationPolicy":"hashed","attestation":{"type":"symmetricKey"}}"# + "\n"
        }
        ground.book.others.append(("exports/even-groups.json", Array(export.joined().utf8)))
        for (number, group) in groups.enumerated() {
            // Every second device to the other hub, of the last group every thirteenth.
            let step = number == 2 ? 13 : 2
            for index in 0..<52 where !peers.isEmpty {
                var device = peers[(number * 52 + index) % peers.count]
                device.id = "\(group)-" + String(10_001 + index).dropFirst()
                device.group = group
                device.dps = FleetInstance(name: "dps-even")
                device.hub = index % step == 0 ? "hub-even-b" : "hub-even-a"
                ground.health(device, from: 4000 + index * 600 + number * 200, to: HealthyLife.end)
            }
        }
        ground.truth(rule, "even-c")
    }
}
