/// A file whose end never arrived.
struct RejectRate: Scenario {
    let rule = "reject-rate"

    func plant(into ground: inout Ground) {
        var text = ""
        for number in 0..<400 {
            text += "{\"time\":\"2026-03-02T09:00:00Z\",\"resourceId\":\"" + FleetBook.subscription
            text += "IOTHUBS/HUB-EU-1\",\"operationName\":\"read\",\"category\":\"D2CTwinOperations\","
            text += "\"level\":\"Information\",\"properties\":\"{\\\"deviceId\\\":\\\"twin-" + String(number)
            text += "\\\"}\"}\n"
        }
        guard let packed = Gzip.compress(Array(text.utf8)) else { return }
        let path = "insights-logs-d2ctwinoperations/cut-off/PT1H.json.gz"
        ground.book.others.append((path, Array(packed[..<(packed.count / 2)])))
        ground.truth(rule, "fleet")
    }
}
