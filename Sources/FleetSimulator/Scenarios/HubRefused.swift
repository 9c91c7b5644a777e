/// Devices that worked and that their hub refuses with codes of which no other rule speaks.
struct HubRefused: Scenario {
    let rule = "hub-refused"

    func plant(into ground: inout Ground) {
        let devices = ground.take(12)
        let codes = [400_001, 403_000, 403_001, 404_000, 409_003, 503_006]
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 3900 + index * 900, to: 60_000)
            let lost = 91_000 + index * 1300
            ground.book.disconnect(lost, device)
            for attempt in 0..<5 {
                ground.book.connect(lost + 60 + attempt * 240, device, code: codes[index % codes.count])
            }
        }
        ground.truths([rule], devices)
    }
}
