import EventStore
import TestSupport
import Testing

@testable import Findings

@Suite struct RuleBacktestTests {
    /// Two devices loop on the first day, one of them again on the third; the log begins at 08:00 of the first.
    private static func database() async throws -> LogDatabase {
        func loop(_ second: Int, _ id: String) -> [String] {
            (0..<6).map { LogLines.registration(second + $0 * 60, id) }
        }
        let day = 86_400
        let lines = loop(0, "a") + loop(100, "b") + loop(2 * day, "a") + [LogLines.registration(3 * day, "c")]
        let folder = try TestFolder()
        let path = try folder.write(lines.joined(separator: "\n"), to: "log.json")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([path], into: database)
        _ = try Analysis.refresh(database, rules: RuleSet.builtIn())
        return database
    }

    @Test func everyNightSaysWhatItsDayHeld() async throws {
        let database = try await Self.database()
        let rules = try RuleSet.builtIn().chosen(["registration-loop"])
        let nights = try RuleBacktest.nights(of: rules, since: .min / 2, until: .max, in: database)
        #expect(nights.map(\.date) == ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"])
        #expect(nights.map(\.findings) == [2, 0, 1, 0])
        #expect(nights.map(\.subjects) == [2, 0, 1, 0])
        // The finding of a device that loops again is the same one.
        #expect(nights.map(\.new) == [2, 0, 0, 0])
    }

    @Test func theTimesBoundTheNights() async throws {
        let database = try await Self.database()
        let rules = try RuleSet.builtIn().chosen(["registration-loop", "throttled"])
        let noon: Int64 = 1_795_262_400_000_000  // 2026-11-21T12:00:00Z
        let nights = try RuleBacktest.nights(of: rules, since: noon, until: noon + 86_400_000_000, in: database)
        #expect(
            nights.map { "\($0.date) \($0.rule)" } == [
                "2026-11-21 registration-loop", "2026-11-21 throttled", "2026-11-22 registration-loop",
                "2026-11-22 throttled",
            ]
        )
        #expect(try RuleBacktest.nights(of: rules, since: .max, until: .max, in: database) == [])
        let empty = try LogDatabase.inMemory()
        #expect(try RuleBacktest.nights(of: rules, since: 0, until: .max, in: empty) == [])
    }

    @Test func aValueInThePlaceOfADefaultCounts() async throws {
        let database = try await Self.database()
        let rules = try RuleSet.builtIn().chosen(["registration-loop"])
        let nights = try RuleBacktest.nights(
            of: rules,
            since: 0,
            until: .max,
            overrides: ["registration-loop.count": 7],
            in: database
        )
        #expect(nights.allSatisfy { $0.findings == 0 })
    }
}
