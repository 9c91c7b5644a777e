import Correlation
import Crypto
import Findings
import Foundation
import Testing

@testable import Reports

@Suite struct HTMLReportTests {
    @Test func hostileTextNeverBecomesMarkup() throws {
        let finding = ReportFixture.finding("00000000000000ab", subject: ReportFixture.hostile)
        var data = try ReportFixture.report(
            [finding],
            incidents: [ReportFixture.incident([finding], title: ReportFixture.hostile)]
        )
        data.fleet.hubs = [ReportFixture.hostile]
        data.coverage[0].instance = ReportFixture.hostile
        data.skipped = [(ReportFixture.hostile, ReportFixture.hostile)]
        data.incomplete = [ReportFixture.hostile]
        let html = HTMLReport.render(data)
        #expect(html.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"))
        for poison in ["<img", "<script", "\u{202E}", "\u{1B}", "\u{0}", "href=\"javascript", "onerror=\"alert"] {
            #expect(!html.contains(poison), "\(poison)")
        }
        // The only addresses are places of the page itself.
        for part in html.components(separatedBy: "href=\"").dropFirst() { #expect(part.hasPrefix("#")) }
        #expect(!html.contains("src=\""))
        #expect(!html.contains("url("))
    }

    @Test func thePolicyForbidsEverythingButTheOneStyle() throws {
        let html = HTMLReport.render(try ReportFixture.report([]))
        let style = try #require(
            html.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first
        )
        let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
        let policy = Markup.escape(
            "default-src 'none'; style-src 'sha256-\(hash)'; base-uri 'none'; form-action 'none'"
        )
        #expect(html.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\"/>"))
        #expect(html.components(separatedBy: "<style").count == 2)
        #expect(!html.contains(" style="))
        #expect(!html.contains("<script"))
    }

    @Test func whatIsOmittedIsSaidAloudAndThePageStaysBearable() throws {
        let cards = try RuleSet.builtIn().entries.map(\.card.name)
        let data = try ReportFixture.report(ReportFixture.findings(20_000, rules: cards))
        let html = HTMLReport.render(data)
        #expect(html.utf8.count < 5_000_000)
        let rows = html.components(separatedBy: "<td class=\"what\">").count - 1
        #expect(rows == HTMLReport.findingsInAll)
        #expect(html.contains("more omitted; <code>dpslens findings --format csv</code> has all."))
        let one = HTMLReport.render(try ReportFixture.report(ReportFixture.findings(20_000)))
        #expect(one.contains("And 19800 more omitted"))
        #expect(one.utf8.count < 1_000_000)
    }

    @Test func aRecordWithAnEndlessIdDoesNotMakeAnEndlessPage() throws {
        let finding = ReportFixture.finding("1", subject: String(repeating: "x", count: 2_000_000))
        let html = HTMLReport.render(
            try ReportFixture.report([finding], incidents: [ReportFixture.incident([finding])])
        )
        #expect(html.utf8.count < 100_000)
        #expect(html.contains("… (cut)"))
    }

    @Test func incidentsStandWithTheirContrastChangeAndFix() throws {
        let findings = ReportFixture.findings(3)
        let html = HTMLReport.render(
            try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        )
        #expect(html.contains("<dd>3 throttled</dd>"))
        #expect(html.contains("3 of 4 devices in enrollment group presses, 1 of 8 outside, 6 times as often"))
        #expect(html.contains("Update enrollment group of presses at 2026-03-02T09:50:00Z (logs/a.json:1)"))
        #expect(html.contains("<strong>Fix: </strong>Wait longer."))
        #expect(html.contains("<a href=\"#incident-00000000000000aa\">00000000000000aa</a>"))
        #expect(html.contains("id=\"incident-00000000000000aa\""))
        #expect(html.contains("7 of 7 errors are explained"))
        #expect(html.contains("no DPS logs were read"))
        // The severity is a word, whatever its colour.
        #expect(html.contains("<span class=\"badge high\">high</span>"))
    }

    @Test func whatIsSuppressedOrMilderIsToldApart() throws {
        let findings = [
            ReportFixture.finding("1"), ReportFixture.finding("2", severity: .low, status: "suppressed"),
        ]
        let html = HTMLReport.render(try ReportFixture.report(findings))
        #expect(html.contains("<dd>1 new, 1 suppressed</dd>"))
        #expect(html.contains("<td>new</td>"))
        #expect(html.contains("<td>suppressed, low</td>"))
    }

    @Test func everyPlaceThatIsLinkedIsThere() throws {
        let findings = ReportFixture.findings(3)
        let html = HTMLReport.render(
            try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        )
        for part in html.components(separatedBy: "href=\"#").dropFirst() {
            let place = part.prefix { $0 != "\"" }
            #expect(html.contains("id=\"\(place)\""), "\(place)")
        }
    }

    @Test func aReportThatLacksRecordsSaysSoFirst() throws {
        var data = try ReportFixture.report([])
        data.incomplete = ["5 of 10 records rejected"]
        #expect(HTMLReport.render(data).contains("INCOMPLETE, not to be read as clean: no findings"))
        #expect(MarkdownReport.render(data).contains("5 of 10 records rejected"))
        #expect(TerminalReport.render(data, style: Style(color: false), width: 80).contains("not all was read"))
        #expect(JSONReport.render(data).contains("\"incomplete\":[\"5 of 10 records rejected\"]"))
    }

    @Test func theChartHasNoMoreBarsThanItSaysHoweverLongTheTime() throws {
        let hour: Int64 = 3_600_000_000
        let findings = (0..<3000).map { ReportFixture.finding("\($0)", first: Int64($0) * 7 * hour) }
        var out = Markup()
        var data = try ReportFixture.report(findings)
        (data.fleet.first, data.fleet.last) = (nil, nil)
        HTMLChart.write(data, &out)
        #expect(out.text.components(separatedBy: "<rect").count - 1 <= HTMLChart.bars)
        #expect(out.text.contains("Onsets of 3000 findings"))
    }
}
