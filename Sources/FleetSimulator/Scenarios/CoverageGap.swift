/// A hub of which no logs are there, and one of whose logs two hours are missing.
struct CoverageGap: Scenario {
    let rule = "coverage-gap"

    func plant(into ground: inout Ground) {
        for (index, device) in ground.own(10, stem: "dark-", hub: "hub-dark").enumerated() {
            ground.book.assign(8000 + index * 600, device)
        }
        let devices = ground.own(40, stem: "gap-", hub: "hub-gap")
        for (index, device) in devices.enumerated() {
            ground.health(device, from: 300 + index * 20, to: 3000)
            for hour in 1..<14 where hour != 7 && hour != 8 {
                ground.book.disconnect(hour * 3600 + 200 + index * 60, device)
                ground.book.connect(hour * 3600 + 230 + index * 60, device)
            }
        }
        ground.truth(rule, "hub-dark")
        ground.truth(rule, "hub-gap")
    }
}
