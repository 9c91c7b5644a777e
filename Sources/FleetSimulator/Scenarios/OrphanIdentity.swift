/// Ids that nobody enrolled and that knock at a hub.
struct OrphanIdentity: Scenario {
    let rule = "orphan-identity"

    func plant(into ground: inout Ground) {
        let devices = ground.own(12, stem: "stranger-")
        for (index, device) in devices.enumerated() {
            for attempt in 0..<5 {
                ground.book.connect(
                    26 * 3600 + index * 1100 + attempt * 200,
                    device,
                    code: index < 6 ? 401_003 : 404_001
                )
            }
        }
        ground.truths([rule], devices)
        ground.truths(["hub-identity-unusable"], Array(devices[6...]))
    }
}
