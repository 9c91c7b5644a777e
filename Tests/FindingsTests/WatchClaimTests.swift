import Testing

@testable import Findings

@Suite struct WatchClaimTests {
    private static func problems(_ rule: String, _ old: String, _ new: String) throws -> [String] {
        let source = try #require(BuiltInRules.sources.first { $0.file == rule + ".sql" })
        let text = source.sql.replacing(old, with: new)
        #expect(text != source.sql, "\(old) is not in the rule")
        let card = try RuleCardParser.parse(text, file: source.file)
        return RuleLint.problems(RuleSet.Entry(card: card, text: text, cases: source.cases, file: source.file))
    }

    @Test(arguments: [
        ("connection-flapping", "count = 10, at least 8", "count = 10, at least 7", "`at least 8`"),
        ("connection-flapping", "count = 10, at least 8", "count = 10", "`at least 8`"),
        ("connection-flapping", "minutes = 60, at most 60", "minutes = 60, at most 61", "`at most 60`"),
        ("connection-flapping", "minutes = 60, at most 60", "minutes = 60", "`at most 60`"),
        ("device-identity-conflict", "minutes = 60, at most 1440", "minutes = 60", "`at most 1440`"),
        ("split-brain", "hours = 24, at most 168", "hours = 24", "`at most 168`"),
        ("split-brain", "changes = 3, at least 2", "changes = 3, at least 1", "`at least 2`"),
        ("mass-disconnect", "devices = 20, at least 5", "devices = 20, at least 4", "`at least 5`"),
        ("recovered", "count = 3, at least 3", "count = 3", "`at least 3`"),
        ("thumbprint-mismatch", "-- watches: refusals count\n", "", "worth a look"),
        ("split-brain", " within hours", "", "wants `within`"),
        ("split-brain", "watches: hub-changes changes", "watches: hub-changes chances", "no parameter"),
    ])
    func aLooserBoundThanWhatIsKeptIsAProblem(_ rule: String, _ old: String, _ new: String, _ says: String) throws {
        #expect(try Self.problems(rule, old, new).contains { $0.contains(says) })
    }

    @Test(arguments: ["sometimes count", "connects", "connects count in minutes"])
    func whatIsNoClaimIsRefused(_ claim: String) {
        #expect(throws: RuleError.self) { try Self.problems("split-brain", "hub-changes changes within hours", claim) }
    }
}
