import FleetSimulator
import Foundation
import TestSupport
import Testing

@testable import Findings

/// What a rule needs beside its SELECT.
@Suite struct RuleCompletenessTests {
    private static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
        separator: "/"
    )

    @Test(arguments: try RuleSet.builtIn().entries.map(\.card.name))
    func hasItsCasesItsScenarioAndItsLineInTheChangelog(_ rule: String) throws {
        let cases = Self.root + "/queries/rules/\(rule).cases.json"
        #expect(FileManager.default.fileExists(atPath: cases), "write queries/rules/\(rule).cases.json")
        let scenarios = Scenarios.all.map(\.rule)
        #expect(scenarios.contains(rule), "add a scenario for \(rule) to Sources/FleetSimulator/Scenarios")
        let changelog = String(decoding: try TestFolder.read(Self.root + "/CHANGELOG.md"), as: UTF8.self)
        #expect(changelog.contains("`\(rule)`"), "name \(rule) in CHANGELOG.md")
    }

    @Test func everyKeyOfACardIsDocumented() throws {
        let document = String(decoding: try TestFolder.read(Self.root + "/docs/rules-format.md"), as: UTF8.self)
        for key in RuleCard.keys { #expect(document.contains("`\(key)"), "\(key)") }
        for topic in RegistryTopic.allCases { #expect(document.contains("`\(topic.rawValue)`")) }
        for end in AttemptEnd.allCases { #expect(document.contains(end.rawValue)) }
    }

    /// The rule with which the document begins wants nothing but cases.
    @Test func theExampleIsARule() throws {
        let document = String(decoding: try TestFolder.read(Self.root + "/docs/rules-format.md"), as: UTF8.self)
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        let rule = lines.drop { $0 != "    -- rule: many-failures" }.prefix { $0.hasPrefix("    ") }.map {
            $0.dropFirst(4)
        }
        #expect(rule.count > 15)
        let set = try RuleSet([.init(file: "many-failures.sql", sql: rule.joined(separator: "\n"), cases: nil)])
        let entry = try #require(set.entries.first)
        let problems = RuleLint.problems(entry)
        #expect(problems.allSatisfy { $0.contains("cases") }, "\(problems)")
    }

    /// What a card cites is a page of docs, or one that docs/references.md gives an address for.
    @Test func everyReferenceCanBeFollowed() throws {
        let list = String(decoding: try TestFolder.read(Self.root + "/docs/references.md"), as: UTF8.self)
        let named = list.split(separator: "\n").filter { $0.contains("<https://") }.map { row in
            String(row.dropFirst(2).prefix { $0 != "|" }.dropLast())
        }
        #expect(named.count > 20 && Set(named).count == named.count)
        var used: Set<String> = []
        for card in try RuleSet.builtIn().entries.map(\.card) + RegistryChecks.cards {
            for part in (card.texts["references"] ?? "").split(separator: ";") {
                let cited = String(part.drop(while: \.isWhitespace))
                if cited.hasPrefix("docs/") {
                    let page = cited.prefix { $0 != "," }
                    #expect(FileManager.default.fileExists(atPath: Self.root + "/" + page), "\(card.name): \(page)")
                    continue
                }
                let found = named.filter { cited.hasPrefix($0) }.max { $0.count < $1.count }
                #expect(found != nil, "\(card.name): \(cited) is not in docs/references.md")
                if let found { used.insert(found) }
            }
        }
        #expect(Set(named).subtracting(used) == [], "cited by no card")
    }

    @Test(arguments: [
        ("registry: hub, nonsense", "with commas between"), ("registry:", "with commas between"),
        ("end: gone", "one of failed"), ("restless: maybe", "yes"),
    ])
    func aWordThatIsNoneIsRefusedWithItsLine(line: String, says: String) throws {
        let entry = try #require(try RuleSet.builtIn().entries.first { $0.card.name == "mass-disconnect" })
        let text = entry.text.replacing("-- needs:", with: "-- \(line)\n-- needs:")
        let error = #expect(throws: RuleError.self) { try RuleCardParser.parse(text, file: "x.sql") }
        #expect(error?.description.contains(says) == true && error?.description.hasPrefix("x.sql:") == true)
    }

    @Test func aRuleOfOnesOwnMayNameItsTopics() throws {
        let entry = try #require(try RuleSet.builtIn().entries.first { $0.card.name == "mass-disconnect" })
        let text = entry.text.replacing(
            "-- needs:",
            with: "-- registry: hub, other-hub\n-- end: silent\n-- restless: yes\n-- needs:"
        )
        let card = try RuleCardParser.parse(text, file: "x.sql")
        #expect(card.registry == [.hub, .otherHub] && card.end == .silent && card.isRestless)
    }
}
