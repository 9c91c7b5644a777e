/// A version of an SDK whose devices are refused once in a while, where no other version is.
struct AttributeOutlier: Scenario {
    let rule = "attribute-outlier"

    func plant(into ground: inout Ground) {
        let sdk = "iothubclient/1.99.0-beta (native; Linux; armv7l)"
        let devices = ground.take(60)
        for (index, device) in devices.enumerated() {
            var device = device
            device.renewal = SDK(name: sdk, period: 50_000, isDropped: false)
            ground.health(device, from: 2000 + index * 400, to: HealthyLife.end)
            if index % 3 == 0 { continue }
            // Refused, and let in after five minutes: too late for the renewal of a token.
            let second = 90_000 + index * 600
            ground.book.disconnect(second - 20, device)
            ground.book.connect(second, device, code: 401_003)
            ground.book.connect(second + 300, device)
        }
        ground.truth(rule, "sdk=" + sdk)
    }
}
