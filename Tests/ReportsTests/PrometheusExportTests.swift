import Findings
import Testing

@testable import Reports

@Suite struct PrometheusExportTests {
    @Test func findingsAreCountedByRuleSeverityAndStatus() throws {
        let findings =
            ReportFixture.findings(3) + [
                ReportFixture.finding("9", rule: "a\"b\\c\nd", severity: .low, status: "ongoing")
            ]
        let text = PrometheusExport.render(try ReportFixture.report(findings), findings: findings)
        #expect(text.contains("dpslens_findings{rule=\"throttled\",severity=\"high\",status=\"new\"} 3\n"))
        #expect(
            text.contains("dpslens_findings{rule=\"a\\\"b\\\\c\\\\u{a}d\",severity=\"low\",status=\"ongoing\"} 1\n")
        )
        #expect(text.contains("dpslens_records_total{fate=\"stored\"} 11\n"))
        #expect(text.contains("dpslens_records_total{fate=\"rejected\"} 1\n"))
        #expect(text.contains("dpslens_incidents{severity=\"critical\"} 0\n"))
        #expect(text.contains("dpslens_rules_skipped 1\n"))
    }

    @Test func whatNobodyHandedInIsNotSaid() throws {
        var data = try ReportFixture.report([])
        let bare = PrometheusExport.render(data, findings: [])
        #expect(!bare.contains("last_run"))
        #expect(!bare.contains("dpslens_incomplete"))
        (data.asOf, data.isIncomplete) = (1_772_445_600_500_000, true)
        let text = PrometheusExport.render(data, findings: [])
        #expect(text.contains("\ndpslens_last_run_timestamp_seconds 1772445600.5\n"))
        #expect(text.hasSuffix("\ndpslens_incomplete 1\n"))
    }

    @Test func everyFamilyHasItsHelpAndTypeOnce() throws {
        var data = try ReportFixture.report([])
        (data.asOf, data.isIncomplete) = (0, false)
        let lines = PrometheusExport.render(data, findings: ReportFixture.findings(2)).split(separator: "\n")
        let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] }
        let helps = lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ")[2] }
        #expect(types == helps)
        #expect(Set(types).count == 6)
        for line in lines where !line.hasPrefix("#") { #expect(types.contains { line.hasPrefix($0) }) }
    }
}
