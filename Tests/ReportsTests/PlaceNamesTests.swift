import Testing

@testable import Reports

@Suite struct PlaceNamesTests {
    private static func blob(_ category: String, _ resource: String, _ hour: String, file: String = "PT1H.json")
        -> String
    {
        "exports/insights-logs-\(category)/resourceId=/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES"
            + "/IOTHUBS/\(resource)/y=2026/m=03/d=02/h=\(hour)/m=00/\(file)"
    }

    @Test func aBlobIsNamedByResourceAndHour() {
        let path = Self.blob("connections", "HUB-EAST", "09")
        let names = PlaceNames(places: [path + ":12"])
        #expect(names.name(path + ":12") == "hub-east 2026-03-02 09:00 line 12")
        #expect(names.name(path + ":0") == "hub-east 2026-03-02 09:00")
    }

    @Test func aNameNeverStandsForTwoFiles() {
        let paths = [
            Self.blob("deviceoperations", "DPS", "09"), Self.blob("serviceoperations", "DPS", "09"),
            Self.blob("deviceoperations", "DPS", "10"), Self.blob("deviceoperations", "DPS", "10", file: "2.json"),
            "a/x/log.json", "b/x/log.json", "c/y/log.json", "log.json", "only.json",
        ]
        let names = PlaceNames(paths)
        #expect(Set(paths.map { names.name(ofPath: $0) }).count == paths.count)
        #expect(names.name(ofPath: paths[0]) == "dps deviceoperations 2026-03-02 09:00")
        #expect(names.name(ofPath: paths[3]) == "dps deviceoperations 2026-03-02 10:00 2.json")
        #expect(names.name(ofPath: "c/y/log.json") == "y/log.json")
        #expect(names.name(ofPath: "a/x/log.json") == "a/x/log.json")
        #expect(names.name(ofPath: "only.json") == "only.json")
    }

    @Test(arguments: ["", ":", "x", "a:b", "y=2026/m=03", "-:3", "\u{202E}/y=1/m=2/d=3/h=4/m=5/x:1"])
    func whatIsNoPathStaysWhatItIs(_ place: String) {
        #expect(!PlaceNames(places: [place]).name(place).isEmpty || place.isEmpty)
    }
}
