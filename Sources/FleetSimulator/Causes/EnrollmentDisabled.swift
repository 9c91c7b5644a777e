/// Somebody disables the wrong enrollment group.
struct EnrollmentDisabled: Cause {
    let name = "an enrollment was disabled by mistake"
    let attribute = "enrollment-group"
    let value = "kiosks"
    let change: (operation: String, enrollment: String)? = ("Upsert", "kiosks")

    func strike(_ stage: inout Stage) {
        stage.book.change(Stage.begin + 500, "Upsert", id: value, dps: "dps-us", isGroup: true)
        let struck = stage.take(350) { $0.group == value }
        for (second, device) in stage.spread(struck, from: 1300, over: 9000) {
            for attempt in 0..<3 { stage.book.disabled(second + attempt * 700, device) }
        }
    }
}
