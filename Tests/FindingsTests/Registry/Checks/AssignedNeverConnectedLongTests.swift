import TestSupport
import Testing

@testable import Findings

@Suite struct AssignedNeverConnectedLongTests {
    private let rule = "assigned-never-connected-long"

    private func record(_ id: String, _ time: String, hub: String = "hub-a", status: String = "assigned") -> String {
        #"{"registrationId":"\#(id)","deviceId":"\#(id)","assignedHub":"\#(hub).azure-devices.net","status":"\#(status)","lastUpdatedDateTimeUtc":"\#(time)"}"#
    }

    /// A hub that logs every hour of the last so many days of three, by a device that is well.
    private func hub(days: Int, hole: Range<Int> = 0..<0) -> [String] {
        ((3 - days) * 24...72).filter { !hole.contains($0) }.map { LogLines.connect($0 * 3600, "busy") }
    }

    private func audited(_ records: [String], days: Int = 3, hole: Range<Int> = 0..<0, lines: [String] = [])
        async throws
        -> Audited
    {
        var registry = RegistryText()
        registry.registrations = records
        return try await Audited(
            registry,
            hub(days: days, hole: hole) + lines,
            at: "2026-11-23T08:00:00Z",
            set: [rule + ".days": 3]
        )
    }

    @Test func firesForARecordWithoutASignOfLife() async throws {
        let audited = try await audited([
            record("dead", "2026-11-20T07:59:59Z"), record("young", "2026-11-20T08:00:00Z"),
            record("busy", "2026-01-01T00:00:00Z"), record("failed", "2026-01-01T00:00:00Z", status: "failed"),
        ])
        #expect(audited.told(rule) == ["dead low silent"])
        #expect(audited.of(rule).first?.hub == "hub-a")
    }

    @Test func anotherHubsContactOrANewRegistrationIsASignOfLife() async throws {
        let lines = [LogLines.connect(255_600, "moved", hub: "HUB-B"), LogLines.registration(252_000, "asks")]
        let audited = try await audited(
            [record("moved", "2026-01-01T00:00:00Z"), record("asks", "2026-01-01T00:00:00Z")],
            lines: lines
        )
        #expect(audited.told(rule) == [])
    }

    @Test func nothingIsSaidWhereLogsDoNotCoverTheTime() async throws {
        let dead = [record("dead", "2026-01-01T00:00:00Z")]
        let short = try await audited(dead, days: 2)
        #expect(short.told(rule) == [])
        #expect(short.result.skipped.contains { $0.rule == rule })
        #expect(try await audited(dead, hole: 20..<30).told(rule) == [])
        #expect(try await audited(dead, hole: 20..<25).told(rule) == ["dead low silent"])
        #expect(try await audited([record("dead", "2026-01-01T00:00:00Z", hub: "hub-z")]).told(rule) == [])
    }
}
