import Basics
import EventStore
import Testing

@testable import Findings
@testable import Reports

@Suite struct RedactorTests {
    private static func key(_ byte: UInt8) throws -> RedactionKey {
        try RedactionKey((0..<32).map { byte &+ UInt8($0) })
    }

    private static let names = ["press-1", "presses", "dps-1", "hub-a", "logs/a.json"]

    private static func redactor(_ byte: UInt8, _ findings: [Finding]) throws -> Redactor {
        Redactor(try key(byte), Redactor.identifiers(findings, [ReportFixture.incident(findings)]))
    }

    @Test(arguments: [(0, false), (15, false), (16, true), (4096, true), (4097, false)])
    func aKeyIsOfABearableLength(_ count: Int, _ isGood: Bool) {
        let key = try? RedactionKey([UInt8](repeating: 7, count: count))
        #expect((key != nil) == isGood)
    }

    @Test func aKeyIsNeverPrinted() throws {
        let key = try RedactionKey(Array("correct horse battery".utf8))
        #expect("\(key)" == "a key")
        let error = #expect(throws: RedactionKeyError.self) { _ = try RedactionKey(Array("open sesame".utf8)) }
        #expect(error?.description.contains("sesame") == false)
    }

    @Test func oneKeyAgreesWithItselfAndAnotherDiffers() throws {
        let finding = ReportFixture.finding("00000000000000ab")
        let one = try Self.redactor(1, [finding]).finding(finding)
        // Another report of the same key, which knows of other names.
        let again = try Self.redactor(1, [finding, ReportFixture.finding("2", subject: "other")]).finding(finding)
        let other = try Self.redactor(2, [finding]).finding(finding)
        #expect(one == again)
        for (a, b) in [
            (one.id, other.id), (one.subject, other.subject), (one.summary, other.summary),
            (one.evidence[0], other.evidence[0]), (one.incident ?? "", other.incident ?? ""),
        ] { #expect(a != b) }
        #expect(one.id.utf8.count == 16)
        #expect(one.id != finding.id)
        #expect(one.subject.hasPrefix("device-") && one.subject.utf8.count == 19)
        #expect(one.registrationId == one.subject)
        #expect(one.summary == "\(one.subject) was throttled 3 times by \(one.dps ?? "")")
        #expect(one.evidence[0].hasPrefix("file-") && one.evidence[0].hasSuffix(":3"))
    }

    @Test func lettersOfEitherCaseAreOneName() throws {
        let redactor = try Self.redactor(1, [ReportFixture.finding("1")])
        #expect(redactor.name("PRESS-1", as: .device) == redactor.name("press-1", as: .device))
        #expect(redactor.text("Press-1 of HUB-A") == redactor.text("press-1") + " of " + redactor.text("hub-a"))
    }

    @Test func whoHasTheKeyFindsTheNameAgain() throws {
        let redactor = try Self.redactor(1, [ReportFixture.finding("1")])
        #expect(redactor.name(behind: redactor.name("Press-1", as: .device)) == "press-1")
        #expect(redactor.name(behind: "device-000000000000") == nil)
        #expect(redactor.name(behind: "press-1") == nil)
        #expect(
            try Self.redactor(2, [ReportFixture.finding("1")]).name(behind: redactor.name("press-1", as: .device))
                == nil
        )
    }

    @Test(arguments: ExportFormat.allCases)
    func noNameIsLeftInAnyFormat(_ format: ExportFormat) throws {
        var findings = ReportFixture.findings(30)
        findings.append(ReportFixture.finding("00000000000000cd", subject: ReportFixture.hostile))
        findings[0].summary = "PRESS-1 at Hub-A.azure-devices.net, 203.0.113.7, then batch press-3..29; see LOGS/A.JSON"
        var batch = ReportFixture.finding("00000000000000ef", rule: "group-key-failure", subject: "press-3..29")
        (batch.subjectKind, batch.reason, batch.registrationId, batch.deviceId) = (
            "enrollment-group", "batch", nil, nil
        )
        batch.summary = "27 devices of press-3..29 fail"
        findings.append(batch)
        findings.sort(by: Finding.precedes)
        let incident = ReportFixture.incident(findings, title: "Throttled: 3 of 4 devices of enrollment group presses")
        var data = try ReportFixture.report(findings, incidents: [incident])
        data.incomplete = ["logs of hub-a do not cover the window"]
        let redactor = try Self.redactor(1, findings)
        let shown = redactor.report(data)
        let text = try Export.render(format, shown, findings: redactor.findings(findings)).whole().lowercased()
        for name in Self.names + findings.map(\.subject) + ["203.0.113", "img src", "onerror", "3..29", "fleet.db"] {
            #expect(!text.contains(name.lowercased()), "\(name)")
        }
        for id in findings.map(\.id) + [incident.id] where id.utf8.count == 16 { #expect(!text.contains(id)) }
    }

    @Test func theOrderTellsNothingOfTheNames() throws {
        let findings = ReportFixture.findings(50)
        let shown = try Self.redactor(1, findings).findings(findings)
        #expect(shown == shown.sorted(by: Finding.precedes))
        #expect(shown.map(\.subject) == shown.map(\.subject).sorted())
    }

    @Test func aTableIsReplacedWhereItHoldsNames() throws {
        let redactor = try Self.redactor(1, [ReportFixture.finding("1")])
        let table = ResultTable(
            columns: ["service", "instance", "file", "detail", "sample", "records"],
            rows: [
                [.text("dps"), .text("dps-1"), .text("logs/a.json"), .text("of press-1"), .text("{\"x"), .integer(3)]
            ]
        )
        let out = redactor.table(
            table,
            ["instance": .instance, "file": .file, "detail": .text, "sample": .sample]
        ).rows[0].map(\.plain)
        #expect(out[1].hasPrefix("dps-") && out[1] != "dps-1")
        #expect(out[2].hasPrefix("file-"))
        #expect(out[3] == "of " + redactor.text("press-1"))
        #expect([out[0], out[4], out[5]] == ["dps", "[redacted]", "3"])
    }

    @Test func theWorkGrowsWithTheFindingsAndNotWithTheNames() throws {
        let findings = ReportFixture.findings(1000)
        let key = try Self.key(1)
        func time(_ count: Int) -> Duration {
            let names = (0..<count).map { KnownIdentifier(.device, "press-\($0)") }
            let redactor = Redactor(key, names + Redactor.identifiers(findings, []))
            return ContinuousClock().measure { #expect(redactor.findings(findings).count == 1000) }
        }
        let (few, many) = (time(1000), time(50_000))
        // Fifty times the names; far more than what a busy machine adds.
        #expect(many < few * 10, "\(few), \(many)")
        #expect(many < .seconds(60))
    }
}
