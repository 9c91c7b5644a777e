import Foundation
import Testing

@testable import Correlation
@testable import Findings
@testable import Reports

/// What a page lets open: records, counter-examples, changes, and that each list says where it ends.
@Suite struct HTMLDetailTests {
    private static func record(_ place: String, _ text: String) -> EvidenceRecord {
        var record = EvidenceRecord(place: place)
        record.records = [DecodedRecord(text)]
        return record
    }

    @Test func theRawRecordStandsBehindItsFinding() throws {
        var data = try ReportFixture.report([ReportFixture.finding("00000000000000ab")])
        data.records = [
            "00000000000000ab": [
                Self.record("logs/a.json:3", #"{"time":"x","properties":"{\"note\":\"</pre><img src=x>\"}"}"#)
            ]
        ]
        let html = HTMLReport.render(data)
        #expect(html.contains("<summary>1 record</summary>"))
        #expect(html.contains("&quot;note&quot;: &quot;&lt;/pre&gt;&lt;img src=x&gt;&quot;"))
        #expect(!html.contains("<img"))
        #expect(!html.contains("shows those of any other"))
    }

    @Test func itIsSaidWhereRecordsEnd() throws {
        let findings = ReportFixture.findings(300)
        var data = try ReportFixture.report(findings)
        for finding in FindingRecords.chosen(findings) {
            data.records[finding.id] = [Self.record("logs/a.json:3", #"{"time":"x"}"#)]
        }
        let html = HTMLReport.render(data)
        #expect(html.contains("behind the first findings of every rule, \(FindingRecords.most) in all; "))
        #expect(html.components(separatedBy: "<summary>1 record</summary>").count - 1 == FindingRecords.most)
    }

    @Test func aRedactedPageHasNoRecordsAndSaysSo() throws {
        let findings = ReportFixture.findings(3)
        var data = try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        data.details = ["00000000000000aa": IncidentDetail()]
        data.isRedacted = true
        let html = HTMLReport.render(data)
        #expect(html.contains("Raw records are left out of a redacted report"))
    }

    @Test func counterExamplesHaveNames() throws {
        let findings = ReportFixture.findings(3)
        var data = try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        var detail = IncidentDetail()
        (detail.examples.spared, detail.examples.outside) = (["press-9"], ["<lathe-1>"])
        data.details = ["00000000000000aa": detail]
        let html = HTMLReport.render(data)
        #expect(
            html.contains(
                "1 device in enrollment group presses not concerned (press-9); 1 outside concerned (&lt;lathe-1&gt;)"
            )
        )
    }

    @Test func commandsCanBePasted() throws {
        let odd = "it's; rm -rf \"$HOME\""
        let finding = ReportFixture.finding("00000000000000ab", subject: odd)
        let html = HTMLReport.render(
            try ReportFixture.report([finding], incidents: [ReportFixture.incident([finding])])
        )
        #expect(html.contains(Markup.escape(#"dpslens device 'it'\''s; rm -rf "$HOME"' --db fleet.db"#)))
        #expect(html.contains(Markup.escape(#"WHERE identity IN ('\''it'\'''\''s; rm -rf "$HOME"'\'')"#)))
    }

    @Test func changesAreMarkedAndNamedAndCounted() throws {
        var data = try ReportFixture.report([])
        var charts = FleetCharts()
        charts.lay(1_772_440_000_000_000, 1_772_460_000_000_000)
        data.charts = charts
        data.changes = (0..<150).map { index in
            Incident.Change(
                time: 1_772_440_000_000_000 + Int64(index) * 60_000_000,
                operation: "Upsert",
                enrollment: "line-\(index)",
                dps: "dps-1",
                evidence: "logs/a.json:\(index + 1)"
            )
        }
        data.changeCount = 900
        let html = HTMLReport.render(data)
        #expect(html.contains("900 changes through the DPS service API; what only reads is none."))
        #expect(html.contains("The newest 150 of 900 are marked."))
        #expect(html.components(separatedBy: "class=\"change\"").count - 1 == 150)
        #expect(html.contains(", the newest 100</caption>"))
        #expect(html.contains("<td>line-149</td>") && !html.contains("<td>line-49</td>"))
    }

    @Test func findingsOfNoIncidentAreToldAndCountedApart() throws {
        var findings = ReportFixture.findings(5)
        for index in findings.indices.dropFirst(3) { findings[index].incident = nil }
        var data = try ReportFixture.report(findings, incidents: [ReportFixture.incident(Array(findings.prefix(3)))])
        data.fleet.outcomes = [FleetSummary.Count(name: "throttled", count: 9)]
        let html = HTMLReport.render(data)
        // Not "5 findings in 1 incident", which would be untrue.
        #expect(html.contains("5 findings, 3 of them in 1 incident, worst high"))
        #expect(html.contains("<a href=\"#besides\">Besides (2)</a>"))
        #expect(html.contains("<code>throttled</code></th><td class=\"n\">2</td>"))
        #expect(html.contains("dpslens findings --rule throttled --db fleet.db"))
        // The loss names its incident and the rule of the others.
        #expect(html.contains("<a href=\"#incident-00000000000000aa\">00000000</a>, 2 <code>throttled</code>"))
        let text = TerminalReport.render(data, style: Style(color: false), width: 80)
        #expect(text.hasPrefix("dpslens: 5 findings, 3 of them in 1 incident, worst high"))
    }

    @Test func theHeatMapSaysHowManyItLeavesOut() throws {
        let findings = ReportFixture.findings(80, rules: ["registration-loop"])
        var data = try ReportFixture.report(findings)
        var charts = FleetCharts()
        charts.lay(1_772_440_000_000_000, 1_772_460_000_000_000)
        let buckets = charts.buckets.count
        charts.heat = ReportCharts.devices(findings, []).map {
            FleetCharts.HeatRow(device: $0, events: [Int](repeating: 1, count: buckets))
        }
        data.charts = charts
        let html = HTMLReport.render(data)
        #expect(html.contains("the first 24 of 80 devices with findings"))
        // The data of the chart stands behind it.
        #expect(html.contains("<th scope=\"row\">press-0</th><td>2026-03-02 "))
    }
}
