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

    private static func keep(_ database: LogDatabase) throws -> [Finding] {
        let findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        let tracked = Lifecycle.judge(
            previous: [:],
            current: findings,
            night: "2026-11-20",
            isObserved: { _ in true },
            isSuppressed: { _ in false }
        )
        let night = Night(date: "2026-11-20", window: AnalysisWindow(from: 0, to: .max))
        try database.access.write { try FindingHistory.record(night, tracked, $0) }
        return findings
    }

    /// The midnight after the first day, in microseconds.
    private static let midnight: Int64 = 1_795_219_200_000_000

    @Test func eventsGoAndFindingsStayWithTheRecordsTheyCite() async throws {
        let database = try await Self.database()
        let findings = try Self.keep(database)
        let cited = try #require(findings.first { $0.rule == "key-derivation-failure" })
        let outcome = try FindingHistory.prune(before: Self.midnight, in: database)
        #expect(outcome.events == 5)
        #expect(outcome.evidence >= cited.evidence.count)
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
            for place in cited.evidence { #expect(kept.contains(place)) }
            let texts = try String.fetchAll(connection, sql: "SELECT record FROM kept_evidence")
            #expect(texts.allSatisfy { $0.contains("401002") || $0.contains("\"b\"") || $0.contains("registrationId") })
        }
        #expect(try FindingHistory.findings(of: "2026-11-20", in: database).keys.contains(cited.id))
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
        _ = try FindingHistory.prune(before: Self.midnight, in: database)
        let again = try await Importer.run([path], into: database)
        #expect(again.filesUnchanged == 1)
        let events = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
        #expect(events == 1)
    }

    @Test func pruningTwiceChangesNothing() async throws {
        let database = try await Self.database()
        _ = try Self.keep(database)
        _ = try FindingHistory.prune(before: Self.midnight, in: database)
        let second = try FindingHistory.prune(before: Self.midnight, in: database)
        #expect(second == Pruner.Outcome())
    }

    @Test func analysesAfterwardsSayWhatTheRestSays() async throws {
        let database = try await Self.database()
        _ = try Self.keep(database)
        _ = try FindingHistory.prune(before: Self.midnight, in: database)
        let findings = try Analysis.refresh(database, rules: RuleSet.builtIn()).findings
        #expect(!findings.contains { $0.rule == "assigned-never-connected" })
    }
}
