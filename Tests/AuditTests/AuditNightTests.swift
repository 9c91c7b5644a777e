import AzureLogs
import Findings
import Testing

@testable import Audit

@Suite struct AuditNightTests {
    private static let hour: Int64 = 3_600_000_000

    private static func time(_ text: String) throws -> Int64 { try #require(Timestamp.parse(text)) / 10 }

    private static func configuration() throws -> AuditConfiguration {
        let text = "version: 1\ninputs: [logs]\noutputs: {folder: out}\n"
        return AuditConfiguration(
            try ConfigurationFile.values(text, file: "a.yaml") { _ in nil },
            relativeTo: ""
        )
    }

    @Test func aNightIsItsDayAndTheOverlapBefore() throws {
        let now = try Self.time("2026-03-02T02:15:00Z")
        let night = AuditNight.night(at: now, try Self.configuration(), after: [])
        #expect(night.date == "2026-03-02")
        #expect(night.window.to == now)
        #expect(night.window.from == (try Self.time("2026-02-28T20:00:00Z")))
    }

    @Test func aMissedNightIsLookedAtByTheNext() throws {
        let last = Night(
            date: "2026-02-27",
            window: AnalysisWindow(from: 0, to: try Self.time("2026-02-27T02:15:00Z"))
        )
        let night = AuditNight.night(at: try Self.time("2026-03-02T02:15:00Z"), try Self.configuration(), after: [last])
        #expect(night.window.from == (try Self.time("2026-02-26T20:00:00Z")))
    }

    @Test func theSameNightAgainLooksAtTheSameTime() throws {
        let now = try Self.time("2026-03-02T02:15:00Z")
        let configuration = try Self.configuration()
        let first = AuditNight.night(at: now, configuration, after: [], changedSince: 7)
        let again = AuditNight.night(at: now, configuration, after: [first])
        #expect(again == first)
    }

    @Test func lateRecordsNameTheNightsThatWereJudgedWithoutThem() throws {
        let configuration = try Self.configuration()
        let nights = try (1...9).map { day in
            AuditNight.night(at: try Self.time("2026-03-0\(day)T23:59:59Z"), configuration, after: [])
        }
        let late = try Self.time("2026-03-04T12:00:00Z")
        let tenth = AuditNight.night(
            at: try Self.time("2026-03-10T23:59:59Z"),
            configuration,
            after: nights,
            changedSince: late
        )
        let finding = try #require(LateRecords.finding(tenth, nights))
        #expect(finding.occurrences == 6)
        #expect(finding.fix.contains("2026-03-04"))
        #expect(LateRecords.finding(nights[8], Array(nights.prefix(8))) == nil)
    }
}
