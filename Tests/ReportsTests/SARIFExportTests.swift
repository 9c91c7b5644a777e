import Basics
import Findings
import Foundation
import Testing

@testable import Reports

@Suite struct SARIFExportTests {
    private static func run(_ findings: [Finding]) throws -> [String: Any] {
        let text = try SARIFExport.render(try ReportFixture.report(findings), findings: findings).whole()
        let log = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(log["version"] as? String == "2.1.0")
        return try #require((log["runs"] as? [[String: Any]])?.first)
    }

    private static func results(_ findings: [Finding]) throws -> [[String: Any]] {
        try #require(try run(findings)["results"] as? [[String: Any]])
    }

    @Test func everyRuleStandsWithItsHelpAndResultsPointToTheirs() throws {
        let findings = [
            ReportFixture.finding("1"), ReportFixture.finding("2", rule: "late-records", severity: .low),
        ]
        let run = try Self.run(findings)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]])
        #expect(rules.count == (try RuleSet.builtIn().entries.count) + 1)
        for rule in rules {
            let help = try #require((rule["help"] as? [String: Any])?["text"] as? String)
            #expect(!help.isEmpty)
        }
        for result in try #require(run["results"] as? [[String: Any]]) {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
        }
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        #expect((invocation["toolExecutionNotifications"] as? [Any])?.count == 1)
    }

    @Test(arguments: [
        (Severity.critical, "error"), (.high, "error"), (.medium, "warning"), (.low, "note"), (.informational, "note"),
    ])
    func levelsAreThoseOfTheSeverities(_ severity: Severity, _ level: String) throws {
        let result = try Self.results([ReportFixture.finding("1", severity: severity)])[0]
        #expect(result["level"] as? String == level)
    }

    @Test(arguments: [
        ("new", "new"), ("ongoing", "unchanged"), ("reopened", "new"), ("resolved", "absent"), ("suppressed", nil),
        ("unobserved", nil),
    ])
    func theBaselineIsSaidOnlyWhereItsWordsFit(_ status: String, _ baseline: String?) throws {
        let result = try Self.results([ReportFixture.finding("1", status: status)])[0]
        #expect(result["baselineState"] as? String == baseline)
        #expect((result["properties"] as? [String: Any])?["status"] as? String == status)
        #expect((result["suppressions"] != nil) == (status == "suppressed"))
        #expect((result["partialFingerprints"] as? [String: Any])?["dpslensFindingId/v1"] as? String == "1")
    }

    @Test(arguments: [
        ("logs/a b.json:3", "logs/a%20b.json", 3), ("/var/log/ü#?.json:12", "file:///var/log/%C3%BC%23%3F.json", 12),
        ("javascript:alert(1):2", "javascript%3Aalert%281%29", 2), ("//host/x:1", "file:///.//host/x", 1),
        ("y=2026/%41:5", "y=2026/%2541", 5),
    ])
    func placesAreProperAddresses(_ evidence: String, _ uri: String, _ line: Int) throws {
        let result = try Self.results([ReportFixture.finding("1", evidence: [evidence])])[0]
        let location = try #require((result["locations"] as? [[String: Any]])?.first)
        let place = try #require(location["physicalLocation"] as? [String: Any])
        #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == uri)
        #expect((place["region"] as? [String: Any])?["startLine"] as? Int == line)
        #expect((location["logicalLocations"] as? [[String: Any]])?.first?["name"] as? String == "press-1")
    }

    @Test func aFileAsAWholeHasNoLineAndMorePlacesAreRelated() throws {
        let result = try Self.results([ReportFixture.finding("1", evidence: ["a:0", "b:2", "c:4"])])[0]
        let location = try #require((result["locations"] as? [[String: Any]])?.first)
        #expect((location["physicalLocation"] as? [String: Any])?["region"] == nil)
        #expect((result["relatedLocations"] as? [Any])?.count == 2)
        let bare = try Self.results([ReportFixture.finding("1", evidence: ["nowhere"])])[0]
        #expect((bare["locations"] as? [[String: Any]])?.first?["physicalLocation"] == nil)
    }

    @Test func hostileTextIsNeitherLinkNorPlaceholderAndPropertiesAreExact() throws {
        let result = try Self.results([ReportFixture.finding("1", subject: ReportFixture.hostile)])[0]
        let text = try #require((result["message"] as? [String: Any])?["text"] as? String)
        #expect(text.contains("\\[a\\](http://b){{0}}"))
        #expect(!text.contains("\u{202E}"))
        #expect((result["properties"] as? [String: Any])?["subject"] as? String == ReportFixture.hostile)
    }
}
