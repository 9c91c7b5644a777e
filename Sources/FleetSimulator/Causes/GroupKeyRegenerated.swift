/// Somebody regenerates the key of an enrollment group: every device of it that asks DPS is turned away.
struct GroupKeyRegenerated: Cause {
    let name = "a group's key was regenerated"
    let attribute = "enrollment-group"
    /// The group.
    let value: String
    var change: (operation: String, enrollment: String)? { ("Upsert", value) }
    private let devices: Int

    /// A cause that strikes some devices of a group.
    init(group: String = "meters-east", devices: Int = 700) {
        value = group
        self.devices = devices
    }

    func strike(_ stage: inout Stage) {
        stage.book.change(Stage.begin + 600, "Upsert", id: value, dps: "dps-eu", isGroup: true)
        let struck = stage.take(devices) { $0.group == value }
        for (second, device) in stage.spread(struck, from: 1500, over: 9000) {
            for attempt in 0..<3 { stage.book.fail(second + attempt * 500, device, code: 401_002, "Unauthorized") }
        }
    }
}
