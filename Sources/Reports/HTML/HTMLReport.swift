import AzureLogs
import Correlation
import EventStore
import Findings

/// The report as one HTML file that needs nothing else: no script, no font, no image, no network.
///
/// Its policy forbids every load, and all text goes through `Markup`. No text from logs becomes an address: the only links lead
/// to places of the same file.
public enum HTMLReport {
    /// The most findings of one rule that are shown.
    ///
    /// A page of 3000 rows is some 2 MB, which browsers bear; one of 120,000
    /// findings in full is known to kill them.
    static let findingsPerRule = 200
    /// The most findings of all rules that are shown; the worst rules come first.
    static let findingsInAll = 3000
    /// The most incidents that are shown.
    static let incidents = 100
    /// The most runs of hours that are shown.
    static let coverageRuns = 500
    /// Longer texts are cut, so that a record with an id of a megabyte does not become a page of megabytes; characters.
    static let longest = 600

    /// Renders a report.
    public static func render(_ data: ReportData) -> String {
        var out = Markup()
        out.raw("<!DOCTYPE html>\n")
        out.element("html", ["lang": "en"]) { out in
            HTMLHead.write(title: "dpslens report, \(data.absence?.text ?? period(data))", &out)
            out.raw("\n")
            out.element("body") { out in
                header(data, &out)
                out.element("main", ["id": "main"]) { out in
                    HTMLNight.write(data, &out)
                    HTMLSummary.write(data, &out)
                    HTMLChart.write(data, &out)
                    HTMLIncidents.write(data, &out)
                    HTMLFindings.write(data, &out)
                    HTMLCoverage.write(data, &out)
                }
                footer(data, &out)
            }
        }
        out.raw("\n")
        return out.text
    }

    private static func header(_ data: ReportData, _ out: inout Markup) {
        out.element("a", ["class": "skip", "href": "#main"], "Skip to the report")
        out.element("header") { out in
            out.element("h1", "dpslens report")
            let night = data.night.map { NightLines(data: data, report: $0).headline }
            out.element("p", ["class": "lead"], night ?? headline(data))
            for line in NumbersOf.lines(data.fleet) { out.element("p", line) }
            out.element("p", "Events \(period(data)) (UTC)")
        }
        out.raw("\n")
        out.element("nav", ["aria-label": "Contents"]) { out in
            out.element("ul") { out in
                for (place, name) in contents(data) {
                    out.element("li") { $0.element("a", ["href": "#\(place)"], name) }
                }
            }
        }
        out.raw("\n")
    }

    private static func contents(_ data: ReportData) -> [(String, String)] {
        (data.night.map { [("night", "Night \($0.night.date)")] } ?? []) + [
            ("summary", "In numbers"), ("incidents", "Incidents (\(data.incidents.count))"),
            ("findings", "Findings by rule (\(data.findings.count))"), ("coverage", "Coverage"),
            ("normal", "Normal errors"), ("skipped", "Rules not asked (\(data.skipped.count))"),
        ]
    }

    private static func footer(_ data: ReportData, _ out: inout Markup) {
        out.element("footer") { out in
            out.element("p") { out in
                out.put("Made by dpslens\(data.version.isEmpty ? "" : " " + data.version).")
                if let asOf = data.asOf { out.put(" It speaks of \(Timestamp.format(microseconds: asOf)).") }
            }
        }
        out.raw("\n")
    }

    private static func headline(_ data: ReportData) -> String {
        let worst = data.findings.map(\.severity).max().map { ", worst \($0.rawValue)" } ?? ""
        let incomplete = data.incomplete.isEmpty ? "" : "INCOMPLETE, not to be read as clean: "
        let absence = data.absence.map { $0.text + (data.findings.isEmpty ? "" : "; ") } ?? ""
        if data.findings.isEmpty { return incomplete + (absence.isEmpty ? "no findings" : absence) }
        return incomplete + absence + count(data.findings.count, "finding") + ", "
            + count(data.incidents.count, "incident")
            + worst
    }

    static func period(_ data: ReportData) -> String {
        guard let first = data.fleet.first, let last = data.fleet.last else { return "none" }
        return "from \(Timestamp.format(microseconds: first)) to \(Timestamp.format(microseconds: last))"
    }

    static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

    /// A text of a bearable length, and what is missing said aloud.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        let head = String(text.prefix(longest))
        return head.utf8.count == text.utf8.count ? text : head + "… (cut)"
    }

    static func time(_ time: Int64?) -> String { time.map { Timestamp.format(microseconds: $0) } ?? "" }

    /// The severity as a word; the colour only underlines it.
    static func badge(_ severity: Severity, _ out: inout Markup) {
        out.element("span", ["class": "badge \(severity.rawValue)"], severity.rawValue)
    }

    /// A table with a head, which scrolls by itself on a small screen.
    static func table(_ head: [String], _ out: inout Markup, _ body: (inout Markup) -> Void) {
        out.element("div", ["class": "scroll"]) { out in
            out.element("table") { out in
                out.element("thead") { out in
                    out.element("tr") { out in
                        for name in head { out.element("th", ["scope": "col"], name) }
                    }
                }
                out.raw("\n")
                out.element("tbody", [:], body)
            }
        }
        out.raw("\n")
    }
}
