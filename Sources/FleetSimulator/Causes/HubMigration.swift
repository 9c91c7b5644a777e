/// The devices of a hub are moved to another one, and those of one SDK stay where they were.
struct HubMigration: Cause {
    let name = "a firmware kept the old hub"
    let attribute = "sdk"
    let value = SDK.java.name
    let isTotal = true

    func strike(_ stage: inout Stage) {
        let moved = stage.take(.max) { $0.hub == "hub-eu-3" && $0.attestation != "tpm" }
        for (second, device) in stage.spread(moved, from: 700, over: 9000) {
            stage.book.disconnect(second, device)
            stage.book.assign(second + 30, device, hub: "hub-eu-1")
            let isStuck = device.sdk == value
            stage.book.connect(second + 36, device, hub: isStuck ? "hub-eu-3" : "hub-eu-1")
        }
        stage.note(spared: moved.count { $0.sdk != value })
    }
}
