/// Devices that DPS refuses for reasons of which no other rule speaks.
struct RegistrationRefused: Scenario {
    let rule = "registration-refused"

    func plant(into ground: inout Ground) {
        let answers = [
            (400_000, "Invalid registration id."), (403_000, "Forbidden"), (405_000, "Method not allowed"),
            (409_203, "Precondition failed."), (412_000, "Precondition failed."), (415_000, "Unsupported media type"),
            (500_001, "InternalServerError"),
        ]
        let devices = ground.own(14, stem: "refused-")
        for (index, device) in devices.enumerated() {
            let (code, message) = answers[index % answers.count]
            for attempt in 0..<4 {
                ground.book.fail(30_000 + index * 1100 + attempt * 420, device, code: code, message)
            }
        }
        ground.truths([rule], devices)
    }
}
