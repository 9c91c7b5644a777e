import Findings
import Foundation
import FoundationXML
import Testing

@testable import Reports

@Suite struct JUnitExportTests {
    private static func root(_ findings: [Finding]) throws -> XMLElement {
        let text = try JUnitExport.render(ReportFixture.report(findings), findings: findings).whole()
        return try #require(try XMLDocument(data: Data(text.utf8)).rootElement())
    }

    private static func number(_ element: XMLElement, _ name: String) -> Int? {
        element.attribute(forName: name)?.stringValue.flatMap(Int.init)
    }

    private static func suite(_ name: String, _ root: XMLElement) -> XMLElement? {
        root.elements(forName: "testsuite").first { $0.attribute(forName: "name")?.stringValue == name }
    }

    @Test(arguments: [
        ("new", Severity.low, "failure"), ("ongoing", .critical, "failure"), ("reopened", .medium, "failure"),
        ("new", .informational, "system-out"), ("resolved", .high, "system-out"), ("suppressed", .high, "skipped"),
        ("unobserved", .high, "skipped"),
    ])
    func aCaseFailsOnlyIfTheFindingIsOpen(_ status: String, _ severity: Severity, _ child: String) throws {
        let root = try Self.root([ReportFixture.finding("1", severity: severity, status: status)])
        let suite = try #require(Self.suite("throttled", root))
        let one = try #require(suite.elements(forName: "testcase").first)
        #expect(one.children?.compactMap(\.name) == [child])
        #expect(Self.number(suite, "failures") == (child == "failure" ? 1 : 0))
        #expect(Self.number(suite, "skipped") == (child == "skipped" ? 1 : 0))
    }

    @Test func everyRuleIsASuiteAndTheSumsAreThoseOfTheCases() throws {
        let root = try Self.root(ReportFixture.findings(5))
        let suites = root.elements(forName: "testsuite")
        #expect(suites.count == (try RuleSet.builtIn().entries.count))
        for name in ["tests", "failures", "skipped"] {
            #expect(suites.compactMap { Self.number($0, name) }.reduce(0, +) == Self.number(root, name))
        }
        for suite in suites { #expect(suite.elements(forName: "testcase").count == Self.number(suite, "tests")) }
        let notAsked = try #require(Self.suite("slow-provisioning", root)?.elements(forName: "testcase").first)
        #expect(
            notAsked.elements(forName: "skipped").first?.attribute(forName: "message")?.stringValue
                == "not checked: no DPS logs were read"
        )
    }

    @Test func whatXMLDoesNotAllowIsWrittenOut() throws {
        let text = try JUnitExport.render(
            ReportFixture.report([]),
            findings: [ReportFixture.finding("1", subject: ReportFixture.hostile + "\u{FFFE}\u{B}")]
        ).whole()
        #expect(text.contains("\\u{0}\\u{a}=1+1\\u{fffe}\\u{b}"))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && $0.value < 0xFFFE) })
        _ = try XMLDocument(data: Data(text.utf8))
    }
}
