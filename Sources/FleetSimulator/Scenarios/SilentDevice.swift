/// Devices that were heard of every hour, and since a day and a half no more.
struct SilentDevice: Scenario {
    let rule = "silent-device"

    func plant(into ground: inout Ground) {
        let devices = ground.take(10)
        for (index, device) in devices.enumerated() {
            let begin = 1000 + index * 300
            ground.health(device, from: begin, to: begin + 100)
            for visit in 1..<10 {
                ground.book.disconnect(begin + visit * 2400, device)
                ground.book.connect(begin + visit * 2400 + 60, device)
            }
        }
        ground.truths([rule], devices)
    }
}
