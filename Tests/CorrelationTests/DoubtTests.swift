import EventStore
import GRDB
import TestSupport
import Testing

@testable import Correlation

/// What a record that cannot be read makes of journeys, wherever it stands.
@Suite struct DoubtTests {
    /// Contacts of other devices, every 15 minutes from an hour before to four hours after.
    private static func background(
        _ hub: String = "HUB-A",
        _ seconds: StrideTo<Int> = stride(from: -3600, to: 14_400, by: 900)
    )
        -> [String]
    {
        seconds.map { LogLines.connect($0, "bg-\($0 / 900 % 3)", hub: hub) }
    }

    /// Reads files, and gives the journeys of `d` as `journey reason line`, where the line is that of `contact_evidence`.
    private static func journeys(_ files: [(name: String, text: String)]) async throws -> [String] {
        let folder = try TestFolder()
        let paths = try files.map { try folder.write($0.text, to: $0.name) }
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run(paths, into: database)
        _ = try Correlator.rebuild(database)
        return try told(database, folder)
    }

    private static func told(_ database: LogDatabase, _ folder: TestFolder) throws -> [String] {
        try database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT journey, reason, contact_evidence FROM journeys WHERE registration_id = 'd'
                    ORDER BY time, attempt
                    """
            ).map { row in
                let place = (row[2] as String?).map { String($0.dropFirst(folder.path.count + 1)) } ?? "-"
                return "\(row[0] as String) \(row[1] as String) \(place)"
            }
        }
    }

    /// A hub's log with a line in the place of a second, and the registration of `d` beside it.
    private static func files(_ line: String, at second: Int) -> [(name: String, text: String)] {
        var lines: [String] = []
        for contact in stride(from: -3600, to: 14_400, by: 900) {
            if contact > second, !lines.contains(line) { lines.append(line) }
            lines.append(LogLines.connect(contact, "bg-\(contact / 900 % 3)"))
        }
        if !lines.contains(line) { lines.append(line) }
        return [("hub", lines.joined(separator: "\n") + "\n"), ("dps", LogLines.registration(0, "d") + "\n")]
    }

    private static let noTime = LogLines.connect(20, "d").replacing("\"time\"", with: "\"tome\"")

    private static let contact = LogLines.connect(20, "d")
    private static let damaged: [(line: String, second: Int)] = [
        ("rubbish", 20), ("rubbish", -20), (String(contact.dropLast(4)), 20), (noTime, 20),
        (String(contact.prefix(60)), 20), (String(contact.suffix(80)), 20),
        // A first contact may be late, and then nothing else than the record itself tells of it.
        ("rubbish", 9100), (String(LogLines.connect(9100, "d").dropLast(4)), 9100),
        // The first and the last line of the file: a session may have begun there, or a first contact come very late.
        ("rubbish", -3700), ("rubbish", 15_000),
    ]

    @Test(arguments: damaged)
    func aRecordOfTheHubThatMayHaveToldOfTheDeviceIsNamed(_ line: String, _ second: Int) async throws {
        let files = Self.files(line, at: second)
        let number = files[0].text.split(separator: "\n").firstIndex { $0 == line }.map { $0 + 1 } ?? 0
        let journeys = try await Self.journeys(files)
        #expect(journeys == ["undetermined rejected-records hub:\(number)"])
    }

    @Test func aRecordThatNamesAnotherDeviceLeavesTheJourney() async throws {
        let line = String(LogLines.connect(20, "bg-1").dropLast(4))
        #expect(try await Self.journeys(Self.files(line, at: 20)) == ["silent window -"])
    }

    /// The id may be what is damaged: one that nobody else has may be anybody's.
    @Test func aRecordThatNamesNobodyWhoIsKnownMayBeAnybodys() async throws {
        let line = String(LogLines.connect(20, "dd").dropLast(4))
        #expect(
            try await Self.journeys(Self.files(line, at: 20)).first?.hasPrefix("undetermined rejected-records") == true
        )
    }

    @Test func aContactThatWasSeenStaysSeen() async throws {
        var files = Self.files("rubbish", at: 30)
        files[0].text += LogLines.connect(20, "d") + "\n"
        #expect(
            try await Self.journeys(files) == ["connected window hub:\(files[0].text.split(separator: "\n").count)"]
        )
    }

    @Test func aRecordOfAnotherHubIsOnlyInTheWayAtThatVeryTime() async throws {
        let other = Self.background("HUB-B").joined(separator: "\n")
        func fleet(_ rubbish: String) -> [(name: String, text: String)] {
            Self.files(Self.background()[0], at: -3600) + [("other", rubbish)]
        }
        #expect(try await Self.journeys(fleet("rubbish\n" + other)) == ["silent window -"])
        let late = other.replacing(LogLines.connect(900, "bg-1", hub: "HUB-B"), with: "rubbish")
        #expect(try await Self.journeys(fleet(late)).first?.hasPrefix("undetermined rejected-records other:") == true)
    }

    @Test func anAnswerOfDPSThatCannotBeReadMayExplainWhatFollowed() async throws {
        let lines = [LogLines.registration(0, "d"), "rubbish", LogLines.registration(700, "e")].joined(separator: "\n")
        let hub = Self.background().joined(separator: "\n")
        let other = (Self.background("HUB-B") + [LogLines.connect(90, "d", hub: "HUB-B")]).joined(separator: "\n")
        let journeys = try await Self.journeys([("dps", lines), ("hub", hub), ("other", other)])
        #expect(journeys == ["undetermined rejected-records dps:2"])
    }

    private static let unreadable: [(path: String, isInTheWay: Bool)] = [
        ("resourceId=/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A/y=2026/m=11/d=20/h=08/m=00/PT1H.json", true),
        ("resourceId=/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-A/y=2026/m=11/d=20/h=11/m=00/PT1H.json", false),
        ("resourceId=/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-B/y=2026/m=11/d=20/h=08/m=00/PT1H.json", false),
        ("insights-logs-devicetelemetry/IOTHUBS/HUB-A/y=2026/m=11/d=20/h=08/m=00/PT1H.json", false),
        // Of a file that names nothing the others leave nothing open.
        ("notes", false),
    ]

    @Test(arguments: unreadable)
    func aFileOfWhichNothingWasReadHoldsWhatItsPathNames(_ path: String, _ isInTheWay: Bool) async throws {
        let files = [
            ("hub", Self.background().joined(separator: "\n")), ("dps", LogLines.registration(0, "d")),
            (path, "{\n{\n"),
        ]
        let expected = isInTheWay ? "undetermined rejected-records \(path):" : "silent window -"
        #expect(try await Self.journeys(files).first?.hasPrefix(expected) == true)
    }

    @Test func aFileOfWhichNothingWasReadHoldsWhatTheOthersLeaveOpen() async throws {
        let files = [("dps", LogLines.registration(0, "d")), ("connections", "{\n{\n")]
        #expect(try await Self.journeys(files) == ["undetermined rejected-records connections:0"])
    }

    /// What is said follows what can be read now, whichever files came first; and nothing is left of an old doubt.
    @Test func aFileThatIsMendedLeavesNoDoubt() async throws {
        let folder = try TestFolder()
        let database = try LogDatabase.inMemory()
        let dps = try folder.write(LogLines.registration(0, "d"), to: "dps")
        func read(_ line: String) async throws -> [String] {
            let hub = try folder.write(Self.files(line, at: 20)[0].text, to: "hub")
            _ = try await Importer.run([hub, dps], into: database)
            _ = try Correlator.rebuild(database)
            return try Self.told(database, folder)
        }
        #expect(try await read("rubbish") == ["undetermined rejected-records hub:6"])
        #expect(try await read(LogLines.connect(21, "bg-1")) == ["silent window -"])
        #expect(try await read("rubbish and more") == ["undetermined rejected-records hub:6"])
        #expect(try await read(LogLines.connect(20, "d")) == ["connected window hub:6"])
        let left = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM doubts") }
        #expect(left == 0)
    }

    /// The first line of such a file is its latest: a late first contact may stand there.
    @Test func timesThatDescendHaveTheirNeighboursOnTheOtherSide() async throws {
        let folder = try TestFolder()
        let lines = ["rubbish"] + Self.background().reversed() + ["rubbish"]
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([folder.write(lines.joined(separator: "\n"), to: "hub")], into: database)
        _ = try Correlator.rebuild(database)
        let spans = try await database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: """
                    SELECT begins = (SELECT max(time) FROM event), ends = (SELECT min(time) FROM event) FROM doubts
                    ORDER BY evidence
                    """
            ).map { [$0[0] as Bool, $0[1] as Bool] }
        }
        #expect(spans == [[true, false], [false, true]])
    }

    @Test func aRecordLongBeforeTheAssignmentLeavesTheJourney() async throws {
        var files = Self.files("rubbish", at: -8000)
        files[0].text = LogLines.connect(-9000, "bg-1") + "\n" + files[0].text.replacing("rubbish\n", with: "")
        files.append(
            ("older", LogLines.connect(-9900, "bg-1") + "\nrubbish\n" + LogLines.connect(-9000, "bg-1") + "\n")
        )
        #expect(try await Self.journeys(files) == ["silent window -"])
    }
}
