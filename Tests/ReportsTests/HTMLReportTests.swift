import Crypto
import EventStore
import Findings
import Foundation
import Testing

@testable import Correlation
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
        for poison in ["<img", "<script>alert", "\u{202E}", "\u{1B}", "\u{0}", "href=\"javascript", "onerror=\"alert"] {
            #expect(!html.contains(poison), "\(poison)")
        }
        // The only addresses are places of the page itself.
        for part in html.components(separatedBy: "href=\"").dropFirst() { #expect(part.hasPrefix("#")) }
        #expect(!html.contains("src=\""))
        #expect(!html.contains("url("))
    }

    @Test func thePolicyForbidsEverythingButTheOneStyleAndTheOneScript() throws {
        let html = HTMLReport.render(try ReportFixture.report([]))
        let style = try #require(
            html.components(separatedBy: "<style>").last?.components(separatedBy: "</style>").first
        )
        let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
        let script = try #require(
            html.components(separatedBy: "<script>").last?.components(separatedBy: "</script>").first
        )
        let ran = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
        let policy = Markup.escape(
            "default-src 'none'; style-src 'sha256-\(hash)'; script-src 'sha256-\(ran)'; base-uri 'none'; form-action 'none'"
        )
        #expect(html.contains("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\"/>"))
        #expect(html.components(separatedBy: "<style").count == 2)
        #expect(!html.contains(" style="))
        #expect(html.components(separatedBy: "<script").count == 2)
        for reach in ["fetch(", "XMLHttpRequest", "innerHTML", "eval(", "localStorage", "document.cookie", "http:"] {
            #expect(!script.contains(reach), "\(reach)")
        }
        #expect(!html.contains(" onclick="))
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
        #expect(one.contains("And 17000 more omitted"))
        #expect(one.utf8.count < 5_000_000)
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
        #expect(html.contains("<code>throttled</code></th><td class=\"n\">3</td>"))
        #expect(html.contains("3 of 4 devices in enrollment group presses, 1 of 8 outside, 6 times as often"))
        #expect(html.contains("1 device in enrollment group presses not concerned; 1 outside concerned"))
        #expect(html.contains("Update enrollment group of presses at 2026-03-02T09:50:00Z (a.json line 1)"))
        #expect(html.contains("<strong>Fix: </strong>Wait longer."))
        #expect(html.contains("id=\"incident-00000000000000aa\""))
        #expect(html.contains("Errors of hubs: 7 = 7 normal + 0 not explained."))
        #expect(html.contains("no DPS logs were read"))
        #expect(html.contains("dpslens findings --incident 00000000000000aa --db fleet.db"))
        // The severity is a word, whatever its colour.
        #expect(html.contains("<span class=\"badge sev-high\">high</span>"))
    }

    @Test func whatIsSuppressedOrMilderIsToldApart() throws {
        let findings = [
            ReportFixture.finding("1"), ReportFixture.finding("2", severity: .low, status: "suppressed"),
        ]
        let html = HTMLReport.render(try ReportFixture.report(findings))
        #expect(html.contains("Findings: 1 new, 1 suppressed."))
        #expect(html.contains("<td>new</td>"))
        #expect(html.contains("<td>suppressed</td>"))
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
        let html = HTMLReport.render(data)
        #expect(html.contains("INCOMPLETE, not to be read as clean: no findings"))
        // It is drawn in another way than what is well.
        #expect(html.contains("<header class=\"verdict undecided\">"))
        #expect(MarkdownReport.render(data).contains("5 of 10 records rejected"))
        #expect(TerminalReport.render(data, style: Style(color: false), width: 80).contains("not all was read"))
        #expect(try JSONReport.render(data).whole().contains("\"incomplete\":[\"5 of 10 records rejected\"]"))
    }

    @Test func whatCannotBeJudgedNeverLooksHealthy() throws {
        var data = try ReportFixture.report([])
        data.status.totals.rejected = 0
        data.fleet.outcomes = [FleetSummary.Count(name: "assigned", count: 5)]
        data.fleet.registrations = 5
        data.fleet.journeys = [FleetSummary.Count(name: "undetermined", count: 5)]
        #expect(HTMLReport.render(data).contains("cannot be judged: what followed 5 registrations is not in the logs"))
        #expect(HTMLReport.render(data).contains("verdict undecided"))
        #expect(
            TerminalReport.render(data, style: Style(color: false), width: 80).hasPrefix("dpslens: cannot be judged")
        )
        data.fleet.journeys = [FleetSummary.Count(name: "connected", count: 5)]
        #expect(HTMLReport.render(data).contains("verdict healthy"))
    }

    @Test func theFunnelLosesNoAttempt() throws {
        // Against a second way: every attempt is counted once, at its end.
        var random = Mixed(state: 7)
        for _ in 0..<50 {
            let outcomes = ["assigned", "accepted", "failed", "disabled", "throttled", "unknown"]
            let journeys = ["connected", "refused", "elsewhere", "silent", "undetermined"]
            let ends = (0..<20).map { _ in
                let outcome = outcomes[Int.random(in: 0..<6, using: &random)]
                let isIn = outcome == "assigned" || outcome == "accepted"
                return FleetCharts.End(
                    outcome: outcome,
                    journey: isIn ? journeys[Int.random(in: 0..<5, using: &random)] : "",
                    isHubKnown: isIn && Bool.random(using: &random),
                    attempts: Int.random(in: 0..<100, using: &random)
                )
            }
            let funnel = Funnel(ends, [], [])
            let lost = funnel.losses.reduce(0) { $0 + $1.count }
            #expect(funnel.attempted == ends.reduce(0) { $0 + $1.attempts })
            #expect(funnel.attempted == lost + funnel.connected + funnel.undetermined)
            let early = funnel.losses.filter { $0.before == "let in" }.reduce(0) { $0 + $1.count }
            #expect(funnel.letIn == funnel.attempted - early)
        }
    }

    @Test func aLossLeadsToItsIncidents() throws {
        let findings = ReportFixture.findings(3)
        var data = try ReportFixture.report(findings, incidents: [ReportFixture.incident(findings)])
        data.fleet.outcomes = [FleetSummary.Count(name: "throttled", count: 9)]
        let html = HTMLReport.render(data)
        #expect(html.contains("throttled by DPS"))
        #expect(html.contains("<a href=\"#incident-00000000000000aa\">00000000</a>"))
    }
}

/// Numbers that look random and are the same at every run (SplitMix64).
private struct Mixed: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
