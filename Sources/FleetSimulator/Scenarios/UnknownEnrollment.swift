/// Ids that DPS does not know.
struct UnknownEnrollment: Scenario {
    let rule = "unknown-enrollment"

    func plant(into ground: inout Ground) {
        let devices = ground.own(15, stem: "unknown-")
        for (index, device) in devices.enumerated() {
            for attempt in 0..<(1 + index % 3) {
                ground.book.fail(
                    42_000 + index * 500 + attempt * 300,
                    device,
                    code: 404_201,
                    "Registration not found."
                )
            }
        }
        ground.truths([rule], devices)
    }
}
