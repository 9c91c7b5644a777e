import Testing

@testable import Findings
@testable import Reports

@Suite struct FindingRecordsTests {
    @Test func fewFindingsHaveTheirRecordsAllOfThem() {
        let findings = ReportFixture.findings(40, rules: ["throttled", "recovered"])
        #expect(FindingRecords.chosen(findings).map(\.id) == findings.map(\.id))
    }

    @Test func everyRuleHasItsTurn() {
        var findings = ReportFixture.findings(5000)
        findings += (0..<7).map { ReportFixture.finding("r\($0)", rule: "recovered", severity: .informational) }
        findings += [ReportFixture.finding("none", rule: "coverage-gap", evidence: [])]
        let chosen = FindingRecords.chosen(findings)
        #expect(chosen.count == FindingRecords.most)
        #expect(chosen.count { $0.rule == "recovered" } == 7)
        // In the order of the page, and only what cites a line.
        let places = chosen.compactMap { one in findings.firstIndex { $0.id == one.id } }
        #expect(places == places.sorted())
        #expect(!chosen.contains { $0.evidence.isEmpty })
    }
}
