import Basics
import Testing

@testable import Reports

@Suite struct ExportTests {
    @Test func everyFormatHasAFileOfItsOwn() {
        #expect(Set(ExportFormat.allCases.map(\.fileName)).count == ExportFormat.allCases.count)
    }

    @Test(arguments: ExportFormat.allCases)
    func everyFormatIsWhatItSaysAndTheSameTwice(_ format: ExportFormat) throws {
        let beginnings: [ExportFormat: String] = [
            .csv: "finding_id,", .json: "[\n", .jsonl: "{\"finding_id\"", .html: "<!DOCTYPE html>",
            .markdown: "# dpslens report", .text: "dpslens: 3 findings", .sarif: "{\"$schema\"",
            .junit: "<?xml version", .prometheus: "# HELP dpslens_findings",
            .timesketch: "datetime,timestamp_desc,message,",
        ]
        let findings = ReportFixture.findings(3)
        let data = try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        let text = try Export.render(format, data, findings: findings).whole()
        #expect(text.hasPrefix(try #require(beginnings[format])))
        #expect(text.hasSuffix("\n"))
        #expect(text == (try Export.render(format, data, findings: findings).whole()))
    }
}
