/// A hub of which all is logged but its connections, and an instance of which only changes are.
struct CategoryMissing: Scenario {
    let rule = "category-missing"

    func plant(into ground: inout Ground) {
        for hour in 0..<8 {
            for error in 0..<2 {
                ground.book.hubError(
                    hour * 3600 + 600 + error * 900,
                    hub: "hub-mute",
                    nil,
                    code: 404_103,
                    category: "DirectMethods"
                )
            }
            ground.book.change(hour * 3600 + 900, "Get", id: "mute-" + String(hour), dps: "dps-mute")
        }
        ground.truth(rule, "hub-mute")
        ground.truth(rule, "dps-mute")
    }
}
