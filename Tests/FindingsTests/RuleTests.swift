import EventStore
import FleetSimulator
import Foundation
import TestSupport
import Testing

@testable import Findings

@Suite struct RuleTests {
    @Test(arguments: try RuleSet.builtIn().entries.map(\.card.name))
    func everyCaseOfEveryRuleHolds(_ name: String) async throws {
        let entry = try #require(try RuleSet.builtIn().entry(name))
        let folder = try TestFolder()
        let outcomes = try await RuleTester(folder: folder.path).run(entry)
        #expect(outcomes.count >= RuleTester.fewestCases)
        for outcome in outcomes { #expect(outcome.problems == [], "\(outcome.name)") }
        #expect(RuleLint.problems(entry) == [])
    }

    @Test func theEmbeddedRulesAreThoseOfTheFolder() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        for source in BuiltInRules.sources {
            let path = root + "/queries/rules/" + source.file
            let file = String(decoding: try TestFolder.read(path), as: UTF8.self)
            #expect(file == source.sql + "\n", "build again: the plugin EmbedRules writes them")
            let cases = String(decoding: try TestFolder.read(String(path.dropLast(4)) + ".cases.json"), as: UTF8.self)
            #expect(cases == (source.cases ?? "") + "\n", "build again: the plugin EmbedRules writes them")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: root + "/queries/rules")
        #expect(BuiltInRules.sources.map(\.file) == files.filter { $0.hasSuffix(".sql") }.sorted())
    }

    private static let card = """
        -- rule: mine
        -- title: T
        -- severity: low
        -- subject: device
        -- confidence: certain
        -- parameter: count = 2: how many
        -- needs: dps
        -- why: w
        -- causes: c
        -- fix: f
        -- not this: n
        -- references: r
        -- summary: {subject} {count}

        """
    private static let select = """
        SELECT registration_id AS subject, registration_id, device_id, enrollment_group, dps, hub, time AS first_seen,
            time AS last_seen, 1 AS occurrences, 'x' AS reason, 'certain' AS confidence, evidence, NULL AS evidence_2,
            NULL AS evidence_3
        FROM attempts WHERE records >= :count
        """

    @Test(arguments: [
        ("-- title: T\n", "", "`-- title:`"), ("severity: low", "severity: bad", "no severity"),
        ("-- why: w\n", "", "-- why:"),
        ("count = 2: how many", "count: 2", "a parameter is"), ("-- fix: f", "-- fixx: f", "not known"),
    ])
    func aCardWithAFaultIsRefusedWithTheReason(_ old: String, _ new: String, _ reason: String) throws {
        let text =
            Self.card.split(separator: old, omittingEmptySubsequences: false).joined(separator: new) + Self.select
        let error = #expect(throws: RuleError.self) { try RuleSet([.init(file: "mine.sql", sql: text, cases: nil)]) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("mine.sql") == true)
    }

    /// In memory, and in a file, where rules have connections of their own.
    @Test(arguments: [
        ("SELECT 'x' AS subject WHERE 1 >= :cuont", ":cuont, which the card does not declare"),
        ("SELECT 'x' AS subject; SELECT 'y' AS subject", "not one statement alone"),
        ("SELECT 'x' AS subject, 'soon' AS first_seen", "first_seen is to be an integer"),
        (#"SELECT "subjekt" AS subject"#, "subjekt"), ("SELECT NULL AS subject", "no subject"),
    ])
    func whatNobodyCanHaveMeantIsRefused(_ sql: String, _ reason: String) throws {
        let rules = try RuleSet([
            .init(file: "mine.sql", sql: Self.card.replacing("needs: dps", with: "needs: none") + sql, cases: nil)
        ])
        let folder = try TestFolder()
        for database in [try LogDatabase.inMemory(), try LogDatabase.open(folder.path + "/fleet.db")] {
            let error = #expect(throws: RuleError.self) { try Analysis.refresh(database, rules: rules) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
    }

    @Test func lintSeesWhatIsMissing() throws {
        func problems(_ sql: String, cases: String? = nil) throws -> [String] {
            let set = try RuleSet([.init(file: "mine.sql", sql: Self.card + sql, cases: cases)])
            return RuleLint.problems(set.entries[0])
        }
        #expect(try problems(Self.select).contains { $0.contains("cases") })
        #expect(
            try problems(Self.select + "\nUNION ALL SELECT * FROM event").contains {
                $0.contains("`event` is no documented view") || $0.contains("not valid")
            }
        )
        #expect(try problems("DELETE FROM event").contains { $0.contains("change the database") })
        #expect(try problems("SELECT 1 AS subject, :count AS c").contains { $0.contains("no column `reason`") })
    }

    @Test func aRuleThatTheLogsCannotFeedIsSkippedByName() throws {
        let database = try LogDatabase.inMemory()
        let result = try Analysis.refresh(database, rules: RuleSet.builtIn())
        #expect(result.skipped.contains { $0.rule == "assigned-then-refused" })
        #expect(result.findings == [])
    }

    /// Findings are kept with the database; a number or a severity that is changed in a card makes them stale.
    @Test(arguments: [
        ("severity: low", "severity: high"), ("count = 2", "count = 4"), ("confidence: certain", "confidence: likely"),
        ("title: T", "title: U"), ("AS reason", "  AS reason"),
    ])
    func aChangeOfARuleMakesItsFindingsStale(_ old: String, _ new: String) throws {
        let text = Self.card + Self.select
        try #require(text.contains(old))
        func rules(_ sql: String) throws -> RuleSet { try RuleSet([.init(file: "mine.sql", sql: sql, cases: nil)]) }
        let database = try LogDatabase.inMemory()
        _ = try Analysis.refresh(database, rules: rules(text))
        #expect(try Analysis.currentResult(database, rules: rules(text)) != nil)
        #expect(try Analysis.currentResult(database, rules: rules(text.replacing(old, with: new))) == nil)
    }

    @Test func linesMayEndAsOnOtherSystems() throws {
        let text = Self.card + Self.select
        let rules = try RuleSet([
            .init(file: "mine.sql", sql: text.replacing("\n", with: "\r\n"), cases: nil)
        ])
        let plain = try RuleSet([.init(file: "mine.sql", sql: text, cases: nil)])
        #expect(rules.entries[0].card.texts == plain.entries[0].card.texts)
        #expect(rules.entries[0].card.parameters == plain.entries[0].card.parameters)
    }

    @Test func findingsKeepTheirNamesAndTheirOrder() {
        func finding(_ severity: Severity, _ rule: String, _ subject: String) -> Finding {
            Finding(
                id: FindingID.make(rule: rule, kind: "device", subject: subject, episode: ""),
                rule: rule,
                severity: severity,
                confidence: "certain",
                subjectKind: "device",
                subject: subject,
                occurrences: 1,
                reason: "",
                summary: "",
                fix: "",
                evidence: []
            )
        }
        let sorted = [finding(.low, "a", "x"), finding(.critical, "b", "y"), finding(.critical, "b", "x")].sorted(
            by: Finding.precedes
        )
        #expect(sorted.map(\.subject) == ["x", "y", "x"])
        #expect(sorted[0].id == finding(.high, "b", "x").id)
        #expect(sorted[0].id.count == 16)
        #expect(sorted[0].id != sorted[1].id)
    }

    @Test func aMistypedNameHasASuggestion() throws {
        #expect(try RuleSet.builtIn().suggestion(for: "asigned-then-refused") == "assigned-then-refused")
        #expect(try RuleSet.builtIn().suggestion(for: "zzzzzzzz") == nil)
    }
}
