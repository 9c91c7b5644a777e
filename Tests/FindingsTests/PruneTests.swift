import EventStore
import GRDB
import TestSupport
import Testing

@testable import Findings

@Suite struct PruneTests {
    private static let day = 86_400

    /// Device `a` fails on the first day and works on the third; `b` works on all days.
    private static func database() async throws -> LogDatabase {
        let fails = (0..<3).map { LogLines.registration($0 * 600, "a", hub: nil, status: "failed", code: 401_002) }
        let works = (0..<3).flatMap { n in
            [LogLines.registration(n * day + 30, "b"), LogLines.connect(n * day + 40, "b")]
        }
        let back = [LogLines.registration(2 * day + 900, "a"), LogLines.connect(2 * day + 910, "a")]
        let folder = try TestFolder()
        let path = try folder.write((fails + works + back).joined(separator: "\n"), to: "log.json")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([path], into: database)
        return database
    }

    /// Keeps the findings as a first night found them; in the second one all are over, unless they are to stay open.
    private static func keep(_ database: LogDatabase, areOpen: Bool = false) throws -> [Finding] {
        let findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        let tracked = Lifecycle.judge(
            previous: [:],
            current: findings,
            night: "2026-11-20",
            observation: { _ in .over("seen") },
            isSuppressed: { _ in false }
        )
        let night = Night(date: "2026-11-20", window: AnalysisWindow(from: 0, to: 2_000_000_000_000_000))
        // In the night behind it all of them are over, so nothing of a device is spared.
        let over = Lifecycle.judge(
            previous: Dictionary(uniqueKeysWithValues: tracked.map { ($0.finding.id, $0) }),
            current: [],
            night: "2026-11-21",
            observation: { _ in .over("seen") },
            isSuppressed: { _ in false }
        )
        let next = Night(date: "2026-11-21", window: AnalysisWindow(from: 0, to: 2_000_000_000_000_000))
        let nights = areOpen ? [(night, tracked)] : [(night, tracked), (next, over)]
        try database.access.write { try FindingHistory.record(nights, $0) }
        return findings
    }

    /// The midnight after the first day, in microseconds.
    private static let midnight: Int64 = 1_795_219_200_000_000

    @Test func eventsGoAndFindingsStayWithTheRecordsTheyCite() async throws {
        let database = try await Self.database()
        let findings = try Self.keep(database)
        let cited = try #require(findings.first { $0.rule == "recovered" }, "\(findings.map(\.rule))")
        let outcome = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        #expect(outcome.events == 5, "\(findings.map { "\($0.rule) \($0.severity)" })")
        #expect(outcome.evidence > 0)
        try await database.access.read { connection in
            #expect(
                try Int.fetchOne(
                    connection,
                    sql: "SELECT count(*) FROM event WHERE time < ?",
                    arguments: [Self.midnight]
                ) == 0
            )
            #expect(try Int.fetchOne(connection, sql: "SELECT count(*) FROM event") == 6)
            let kept = try String.fetchAll(connection, sql: "SELECT place FROM kept_evidence ORDER BY place")
            // The other record that it cites is of the third day, and still there.
            #expect(cited.evidence.contains { kept.contains($0) })
            let texts = try String.fetchAll(connection, sql: "SELECT record FROM kept_evidence")
            #expect(texts.allSatisfy { $0.contains("401002") || $0.contains("\"b\"") || $0.contains("registrationId") })
        }
        #expect(try FindingHistory.findings(of: "2026-11-20", in: database).keys.contains(cited.id))
    }

    @Test(arguments: [true, false])
    func everythingOfADeviceWithAnOpenFindingStays(_ hasNight: Bool) async throws {
        let fails = (0..<4).map { LogLines.registration($0 * 600, "ill", hub: nil, status: "failed", code: 401_002) }
        let works = (0..<3).flatMap { n in
            [LogLines.registration(n * Self.day + 30, "b"), LogLines.connect(n * Self.day + 40, "b")]
        }
        let folder = try TestFolder()
        let path = try folder.write((fails + works).joined(separator: "\n"), to: "log.json")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([path], into: database)
        let findings =
            hasNight
            ? try Self.keep(database, areOpen: true)
            : try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        let trial = try FindingHistory.prune(
            before: Self.midnight,
            rules: RuleSet.builtIn(),
            isTrial: true,
            in: database
        )
        let before = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
        #expect(before == 10)
        let outcome = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        #expect(trial == outcome)
        #expect(outcome.events == 2 && outcome.sparedEvents == 4 && outcome.spared == 1)
        // Also an analysis of everything that is left says the same, from the first event on.
        try await database.access.write {
            try $0.execute(sql: "DELETE FROM setting WHERE name IN ('derived', 'findings'); DELETE FROM checkpoint")
        }
        let again = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        for finding in findings where finding.subject == "ill" { #expect(again.contains(finding), "\(finding)") }
    }

    @Test func whatWasReadOnceIsNotReadAgain() async throws {
        let folder = try TestFolder()
        let path = try folder.write(
            LogLines.connect(0, "d") + "\n" + LogLines.connect(2 * Self.day, "d"),
            to: "log.json"
        )
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([path], into: database)
        _ = try Analysis.refresh(database, rules: RuleSet.builtIn())
        _ = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        let again = try await Importer.run([path], into: database)
        #expect(again.filesUnchanged == 1)
        let events = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
        #expect(events == 1)
    }

    @Test func pruningTwiceChangesNothing() async throws {
        let database = try await Self.database()
        _ = try Self.keep(database)
        _ = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        let second = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        #expect(second == Pruner.Outcome())
    }

    @Test func analysesAfterwardsSayWhatTheRestSays() async throws {
        let database = try await Self.database()
        _ = try Self.keep(database)
        _ = try FindingHistory.prune(before: Self.midnight, rules: RuleSet.builtIn(), in: database)
        let findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        #expect(!findings.contains { $0.rule == "assigned-never-connected" })
    }
}
