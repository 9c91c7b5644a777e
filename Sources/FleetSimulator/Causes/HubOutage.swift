/// A hub is gone for half an hour: all its devices lose their connection within three minutes and cannot come back.
struct HubOutage: Cause {
    let name = "a hub was out"
    let attribute = "hub"
    let value = "hub-us-1"
    let isTotal = true

    func strike(_ stage: inout Stage) {
        let struck = stage.take(.max) { $0.hub == value }
        let begin = Stage.begin + 5400
        for (index, device) in struck.enumerated() {
            stage.book.disconnect(begin + index * 170 / struck.count, device, code: index % 4 == 0 ? 500_001 : 404_104)
            stage.book.connect(begin + 300 + index % 200, device, code: 503_001)
            stage.book.connect(begin + 2000 + index % 600, device)
        }
    }
}
