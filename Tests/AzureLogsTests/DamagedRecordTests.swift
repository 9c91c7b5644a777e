import Testing

@testable import AzureLogs

@Suite struct DamagedRecordTests {
    private static let resource = "/SUBSCRIPTIONS/X/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB1"
    private static let noon = Timestamp.parse("2026-03-01T12:00:00Z").map { $0 / 10 }

    private func scan(_ text: String) -> DamagedRecord { DamagedRecord.scan(Array(text.utf8)) }

    @Test(arguments: [
        #"{"time":"2026-03-01T12:00:00Z","resourceId":"RES","category":"connections","properties":"{\"dev"#,
        #"ies":{"a":1},"TimeGenerated" : "2026-03-01T12:00:00.000Z", "_ResourceId": "RES","Category":"Connections"}"#,
        #"{"message":"{\"time\":\"2026-03-01T12:00:00Z\",\"resourceId\":\"RES\",\"category\":\"Connections\",\"x\":"#,
        #"{"m":"{\\\"time\\\":\\\"2026-03-01T12:00:00Z\\\",\\\"resourceId\\\":\\\"RES\\\",\\\"category\\\":\\\"Connections\\\""#,
        #""eventTime":"2026-03-01T12:00:00.0000000Z","topic":"RES","category":"Connections" ]]"#,
    ])
    func whatIsLeftOfARecordIsFound(_ text: String) {
        let found = scan(text.replacing("RES", with: Self.resource))
        #expect(found.time == Self.noon)
        #expect(found.resource == Self.resource.lowercased())
        #expect(found.category == "Connections")
    }

    @Test(arguments: [
        "", "rubbish", #"{"time":"#, #"{"time":"2026-03-01T12:00:0"#, #"{"time":17,"category":{}"#,
        #"{"properties":{"callerLocalTimeUtc":"2026-03-01T12:00:00Z"}"#,
        #"{"time":"2026-03-01T12:00:00Z"},{"time":"2026-03-01T12:00:01Z"}"#,
    ])
    func whatIsCutOffOrContradictsItselfSaysNothing(_ text: String) {
        #expect(scan(text) == DamagedRecord())
    }
}
