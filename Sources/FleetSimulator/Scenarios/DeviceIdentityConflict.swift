/// Two devices with one identity that take the connection from each other, from two networks or with two SDKs.
struct DeviceIdentityConflict: Scenario {
    let rule = "device-identity-conflict"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 4000 + index * 900, to: 60_000)
            HealthyLife.renew(140_000 + index * 600, device, &ground.book)
            let begin = 85_000 + index * 2000
            for turn in 0..<6 {
                let isOther = turn % 2 == 0
                let network = index < 5 && isOther ? "100.90.7.XXX" : device.network
                let sdk = index >= 5 && isOther ? SDK.python.name + " clone" : device.sdk
                ground.book.connect(begin + turn * 500, device, network: network, sdk: sdk)
                ground.book.disconnect(
                    begin + turn * 500 + 1,
                    device,
                    code: 400_027,
                    network: index < 5 && !isOther ? "100.90.7.XXX" : device.network
                )
            }
        }
        ground.truths([rule], devices)
    }
}
