/// A batch of new devices was flashed with wrong keys; the new ones before and behind it are well.
struct BatchOfWrongKeys: Cause {
    let name = "a batch was flashed with wrong keys"
    let attribute = "id-batch"
    let value = "valve-01201..01500"
    let population: Int? = 300

    func strike(_ stage: inout Stage) {
        let spared = stage.new(1151..<1201, of: "valve-") + stage.new(1501..<1551, of: "valve-")
        for (second, device) in stage.spread(spared, from: 500, over: 9000) {
            stage.book.assign(second, device)
            stage.book.connect(second + 5, device)
        }
        stage.note(spared: spared.count)
        let struck = stage.new(1201..<1501, of: "valve-")
        for (second, device) in stage.spread(struck, from: 600, over: 9000) {
            for attempt in 0..<3 { stage.book.fail(second + attempt * 500, device, code: 401_002, "Unauthorized") }
        }
    }
}
