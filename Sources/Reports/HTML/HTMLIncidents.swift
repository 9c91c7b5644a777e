import Correlation
import Findings

/// The incidents: one line each, which opens to who is concerned and who is not, devices, records, fix, and what to copy.
enum HTMLIncidents {
    static func write(_ story: ReportStory, _ out: inout Markup) {
        out.element("section", ["aria-labelledby": "incidents"]) { out in
            out.element("h2", ["id": "incidents"], "Incidents")
            if story.incidents.isEmpty { out.element("p", "None.") }
            for (index, incident) in story.incidents.prefix(HTMLReport.incidents).enumerated() {
                one(incident, story, isFirst: index == 0, &out)
            }
            let more = story.incidents.count - HTMLReport.incidents
            if more > 0 {
                HTMLReport.omitted(
                    "And \(Words.count(more, "more incident")) omitted; ",
                    "dpslens incidents --format csv",
                    &out
                )
            }
        }
        out.raw("\n")
    }

    private static func one(_ incident: IncidentStory, _ story: ReportStory, isFirst: Bool, _ out: inout Markup) {
        out.element("article", ["id": "incident-\(incident.id)"]) { out in
            out.element("details", isFirst ? ["class": "incident", "open": ""] : ["class": "incident"]) { out in
                out.element("summary") { out in
                    out.element("h3") { out in
                        HTMLReport.badge(incident.severity, &out)
                        out.put(HTMLReport.cut(incident.title))
                    }
                    out.element("p", ["class": "facts"]) { out in
                        out.put(Words.count(incident.devices, "device"))
                        if let onset = incident.incident.onset { out.put(", since \(Figure.short(onset))") }
                        if !incident.trend.isEmpty { out.put(", \(incident.trend)") }
                        out.put(" ")
                        if incident.onsets.contains(where: { $0 > 0 }) {
                            Figure.spark(incident.onsets, "refused", &out)
                        }
                    }
                    if !incident.fix.isEmpty {
                        out.element("p", ["class": "fix"]) { out in
                            out.element("strong", "Fix: ")
                            out.put(HTMLReport.cut(incident.fix))
                        }
                    }
                }
                contrast(incident, story, &out)
                rules(incident, story, &out)
                let detail = story.data.details[incident.id]
                if let detail { devices(detail, incident, &out) }
                if let detail { records(detail, incident, story, &out) }
                HTMLCopies.commands(incident, story, &out)
                HTMLCopies.support(incident, detail, &out)
            }
        }
        out.raw("\n")
    }

    private static func contrast(_ incident: IncidentStory, _ story: ReportStory, _ out: inout Markup) {
        let facts = incident.incident
        out.element("h4", "Who is concerned, and who is not")
        out.element("dl") { out in
            func row(_ name: String, _ value: String) {
                out.element("dt", name)
                out.element("dd", HTMLReport.cut(value))
            }
            if let contrast = IncidentScreen.contrast(facts) {
                row("sets them apart", contrast)
                let words = facts.attribute.split(separator: "-").joined(separator: " ")
                let spared = facts.population - facts.struck
                let examples = story.data.details[facts.id]?.examples ?? IncidentExamples()
                row(
                    "counter-examples",
                    "\(Words.count(spared, "device")) in \(words) \(facts.value) not concerned\(such(examples.spared, of: spared));"
                        + " \(facts.struckOutside) outside concerned\(such(examples.outside, of: facts.struckOutside))"
                )
            } else {
                row("sets them apart", "nothing that the logs show")
            }
            if incident.onsets.contains(where: { $0 > 0 }) {
                let twelfths = incident.onsets.map(String.init).joined(separator: ", ")
                row("findings began", "\(twelfths) (by twelfths of the time that the report speaks of)")
            }
            if let onset = facts.onset {
                let end = facts.end.map { " to \(Clock.seconds($0))" } ?? ""
                row("seen", Clock.seconds(onset) + end)
            }
            for change in facts.changes {
                let whom = change.enrollment.map { " of \($0)" } ?? ""
                row(
                    "changed before",
                    "\(change.operation)\(whom) at \(Clock.seconds(change.time)) (\(PlaceNames(places: [change.evidence]).name(change.evidence)))"
                )
            }
            if facts.changes.isEmpty { row("changed before", "nothing that the logs show") }
            for said in ReportData.Cause.registry(incident.findings) { row("registry", said) }
            if let trend = story.data.night?.incidentTrends[facts.id] {
                row("open, last nights", NightLines.text(trend))
            }
            row("id", facts.id)
        }
    }

    /// Names of some, and whether these are all.
    private static func such(_ names: [String], of count: Int) -> String {
        if names.isEmpty { return "" }
        let list = names.map { HTMLReport.cut($0) }.joined(separator: ", ")
        return names.count >= count ? " (\(list))" : " (such as \(list))"
    }

    private static func rules(_ incident: IncidentStory, _ story: ReportStory, _ out: inout Markup) {
        let byRule = Dictionary(grouping: incident.findings, by: \.rule).sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        let cards = Dictionary(story.data.rules.map { ($0.name, $0) }) { first, _ in first }
        HTMLReport.table(["rule", "findings", "why it matters"], caption: "Findings by rule", kind: "rules", &out) {
            out in
            for (rule, findings) in byRule {
                out.element("tr") { out in
                    out.element("th", ["scope": "row"]) { $0.element("code", rule) }
                    out.element("td", ["class": "n"], "\(findings.count)")
                    out.element("td", HTMLReport.cut(cards[rule]?.texts["why"] ?? story.data.titles[rule] ?? ""))
                }
            }
        }
    }

    private static func devices(_ detail: IncidentDetail, _ incident: IncidentStory, _ out: inout Markup) {
        if detail.stories.isEmpty { return }
        let all = Set(incident.findings.filter { $0.subjectKind == "device" }.map(\.subject)).count
        out.element(
            "h4",
            all > detail.stories.count ? "Devices, the first \(detail.stories.count) of \(all)" : "Devices"
        )
        let names = PlaceNames(places: detail.stories.flatMap { $0.entries.map(\.evidence) })
        for story in detail.stories {
            let folded = FoldedTimeline(story, most: 12)
            let name = story.names.joined(separator: ", ")
            let caption =
                "\(HTMLReport.cut(name)): \(HTMLReport.cut(DeviceVerdict(story, findings: incident.findings.filter { story.names.contains($0.subject) }).text))"
            if folded.hidden > 0 {
                out.element(
                    "p",
                    ["class": "dim"],
                    "\(HTMLReport.cut(name)): \(Words.count(folded.hidden, "earlier event")) left out"
                )
            }
            HTMLReport.table(["time (UTC)", "where", "what", "line of the log"], caption: caption, kind: "story", &out)
            { out in
                for line in folded.lines {
                    out.element("tr", line.isError ? ["class": "bad"] : [:]) { out in
                        let until = line.to > line.from ? " to \(Clock.seconds(line.to).suffix(9))" : ""
                        out.element("td", ["class": "t"], Clock.seconds(line.from) + until)
                        out.element("td", HTMLReport.cut(line.place))
                        let times = line.events > 1 ? " \u{00D7}\(line.events)" : ""
                        out.element("td", HTMLReport.cut((line.isError ? "error: " : "") + line.what) + times)
                        out.element("td") { $0.element("code", HTMLReport.cut(names.name(line.evidence))) }
                    }
                }
            }
        }
    }

    private static func records(
        _ detail: IncidentDetail,
        _ incident: IncidentStory,
        _ story: ReportStory,
        _ out: inout Markup
    ) {
        if story.data.isRedacted { return HTMLRecords.leftOut(&out) }
        if detail.records.isEmpty { return }
        let all = Set(incident.findings.flatMap(\.evidence)).count
        out.element("h4", all > detail.records.count ? "Records, \(detail.records.count) of \(all)" : "Records")
        let names = PlaceNames(places: detail.records.map(\.place))
        for (index, record) in detail.records.enumerated() {
            out.element("details", index == 0 ? ["open": ""] : [:]) { out in
                out.element("summary") { $0.element("code", HTMLReport.cut(names.name(record.place))) }
                HTMLRecords.text(of: record, &out)
            }
        }
    }
}
