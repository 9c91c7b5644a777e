import AzureLogs
import Correlation
import EventStore
import Findings

/// The report as one HTML file that needs nothing else: no font, no image, no network, and one script of its own.
///
/// Its policy forbids every load, and all text goes through `Markup`. No text from logs becomes an address: the only links lead
/// to places of the same file. Without the script everything can be read.
public enum HTMLReport {
    /// The most findings that are shown, some of every rule; the worst come first.
    ///
    /// A page of 3000 rows is some 2 MB, which browsers bear; one of 120,000
    /// findings in full is known to kill them.
    static let findingsInAll = 3000
    /// The most incidents that are shown.
    static let incidents = 60
    /// The most runs of hours that are shown.
    static let coverageRuns = 500
    /// The most files whose paths are shown.
    static let files = 1000
    /// Longer texts are cut, so that a record with an id of a megabyte does not become a page of megabytes; characters.
    static let longest = 600

    /// Renders a report.
    public static func render(_ data: ReportData) -> String {
        let story = ReportStory(data)
        var out = Markup()
        out.raw("<!DOCTYPE html>\n")
        out.element("html", ["lang": "en"]) { out in
            HTMLHead.write(title: "dpslens report, \(data.absence?.text ?? period(data))", &out)
            out.raw("\n")
            out.element("body") { out in
                header(story, &out)
                out.element("main", ["id": "main"]) { out in
                    HTMLNight.write(data, &out)
                    HTMLIncidents.write(story, &out)
                    HTMLOthers.write(story, &out)
                    HTMLFunnel.write(story, &out)
                    HTMLTimeline.write(story, &out)
                    HTMLShapes.write(story, &out)
                    HTMLFindings.write(story, &out)
                    HTMLCoverage.write(story, &out)
                }
                footer(data, &out)
                HTMLHead.script(&out)
            }
        }
        out.raw("\n")
        return out.text
    }

    private static func header(_ story: ReportStory, _ out: inout Markup) {
        let data = story.data
        out.element("a", ["class": "skip", "href": "#main"], "Skip to the report")
        out.element("header", ["class": "verdict \(story.verdict.kind.rawValue)"]) { out in
            out.element("h1", "dpslens report")
            out.element("p", ["class": "lead"]) { out in
                if story.verdict.kind == .undecided { out.element("span", ["class": "badge"], "cannot be judged") }
                if !data.incomplete.isEmpty { out.put("INCOMPLETE, not to be read as clean: ") }
                out.put(cut(story.verdict.headline))
            }
            out.element("p", cut(story.verdict.detail))
            for line in NumbersNote.lines(data.fleet) { out.element("p", cut(line)) }
            for note in data.notes { out.element("p", ["class": "omitted"], cut(note)) }
            for reason in data.incomplete { out.element("p", ["class": "omitted"], cut(reason)) }
            out.element("p", ["class": "dim"], "Records \(period(data)) (UTC)")
        }
        out.raw("\n")
        out.element("nav", ["aria-label": "Contents"]) { out in
            out.element("ul") { out in
                for (place, name) in contents(story) {
                    out.element("li") { $0.element("a", ["href": "#\(place)"], name) }
                }
            }
        }
        out.raw("\n")
    }

    private static func contents(_ story: ReportStory) -> [(String, String)] {
        var out = story.data.night.map { [("night", "Night \($0.night.date)")] } ?? []
        out += [("incidents", "Incidents (\(story.incidents.count))")]
        if !story.others.isEmpty { out.append(("besides", "Besides (\(story.others.count))")) }
        if story.funnel.attempted > 0 { out.append(("funnel", "From asking to connected")) }
        if let charts = story.data.charts {
            if charts.buckets.count > 1 {
                out.append(("timeline", "Over time"))
                if charts.heat.contains(where: { $0.events.contains { $0 > 0 } }) {
                    out.append(("heat", "Restless devices"))
                }
            }
            if !charts.multiples.isEmpty { out.append(("failures", "Who fails")) }
            if !charts.delays.isEmpty { out.append(("delays", "First connection")) }
        }
        return out + [
            ("findings", "Findings (\(story.data.findings.count))"), ("coverage", "Logs"), ("accounting", "Accounts"),
            ("made", "How made"),
        ]
    }

    private static func footer(_ data: ReportData, _ out: inout Markup) {
        out.element("footer") { out in
            out.element("p") { out in
                out.put("Made by dpslens\(data.version.isEmpty ? "" : " " + data.version).")
                if let asOf = data.asOf { out.put(" It speaks of \(Clock.seconds(asOf)).") }
            }
        }
        out.raw("\n")
    }

    /// The findings that the page shows.
    static func shown(_ findings: [Finding]) -> [Finding] { FairShare.of(findings, most: findingsInAll) }

    static func period(_ data: ReportData) -> String {
        guard let first = data.fleet.first, let last = data.fleet.last else { return "none" }
        return "from \(Clock.seconds(first)) to \(Clock.seconds(last))"
    }

    /// A time as people read it; empty for none.
    static func time(_ time: Int64?) -> String { time.map { Clock.seconds($0) } ?? "" }

    /// A text of a bearable length, and what is missing said aloud.
    static func cut(_ text: String) -> String {
        guard text.utf8.count > longest else { return text }
        let head = String(text.prefix(longest))
        return head.utf8.count == text.utf8.count ? text : head + "… (cut)"
    }

    /// The severity as a word; the colour only underlines it.
    static func badge(_ severity: Severity, _ out: inout Markup) {
        out.element("span", ["class": "badge sev-\(severity.rawValue)"], severity.rawValue)
    }

    /// What is left out, and the command that has all.
    static func omitted(_ text: String, _ command: String, _ out: inout Markup) {
        out.element("p", ["class": "omitted"]) { out in
            out.put(text)
            out.element("code", command)
            out.put(" has all.")
        }
    }

    /// A table with a head and a caption, which scrolls by itself on a small screen.
    static func table(
        _ head: [String],
        caption: String = "",
        kind: String = "",
        foot: ((inout Markup) -> Void)? = nil,
        _ out: inout Markup,
        _ body: (inout Markup) -> Void
    ) {
        out.element("div", ["class": "scroll"]) { out in
            out.element("table", kind.isEmpty ? [:] : ["class": kind]) { out in
                if !caption.isEmpty { out.element("caption", caption) }
                out.element("thead") { out in
                    out.element("tr") { out in
                        for name in head {
                            if name.isEmpty { out.element("td", "") } else { out.element("th", ["scope": "col"], name) }
                        }
                    }
                }
                out.raw("\n")
                out.element("tbody", [:], body)
                if let foot { out.element("tfoot", [:], foot) }
            }
        }
        out.raw("\n")
    }
}
