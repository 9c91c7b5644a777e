import Testing

@testable import Findings

@Suite struct RuleSummaryTests {
    @Test(arguments: [
        ("{n} times in {h} hours by {s}", 1, "1 time in 24 hours by s"), ("{n} times", 21, "21 times"),
        ("{n} times", 11, "11 times"), ("v0.{n} times", 1, "v0.1 times"), ("{n} was", 1, "1 was"),
        ("({n} devices)", 1, "(1 device)"), ("{n} timestamps", 1, "1 timestamps"), ("{n} times", 0, "0 times"),
        ("{s} {", 1, "s {"),
    ])
    func oneIsSaidOfOne(_ template: String, _ number: Int, _ expected: String) {
        let filled = RuleSummary.filled(template) { ["n": String(number), "h": "24", "s": "s"][$0] ?? "" }
        #expect(filled == expected)
    }

    @Test func everyCardCountsWithWordsThatAreKnown() throws {
        // A card that counts another noun would say "1 addresses": then the noun belongs into the list.
        for entry in try RuleSet.builtIn().entries {
            let one = RuleSummary.filled(entry.card.texts["summary"] ?? "") { name in
                ["occurrences", "most", "times"].contains(name) || entry.card.parameters.contains { $0.name == name }
                    ? "1" : "x"
            }
            #expect(one.firstMatch(of: /(^|[ (])1 [a-z]+s\b/) == nil, "\(entry.card.name): \(one)")
        }
    }
}
