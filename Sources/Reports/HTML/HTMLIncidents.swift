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
                if let detail { records(detail, &out) }
                commands(incident, story, &out)
                support(incident, detail, &out)
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
                row(
                    "counter-examples",
                    "\(Words.count(spared, "device")) in \(words) \(facts.value) not concerned; \(facts.struckOutside) outside concerned"
                )
            } else {
                row("sets them apart", "nothing that the logs show")
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

    private static func rules(_ incident: IncidentStory, _ story: ReportStory, _ out: inout Markup) {
        let byRule = Dictionary(grouping: incident.findings, by: \.rule).sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        let cards = Dictionary(story.data.rules.map { ($0.name, $0) }) { first, _ in first }
        HTMLReport.table(["rule", "findings", "why it matters"], caption: "Findings by rule", &out) { out in
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
        out.element("h4", "Devices")
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

    private static func records(_ detail: IncidentDetail, _ out: inout Markup) {
        if detail.records.isEmpty { return }
        out.element("h4", "Records")
        let names = PlaceNames(places: detail.records.map(\.place))
        for (index, record) in detail.records.enumerated() {
            out.element("details", index == 0 ? ["open": ""] : [:]) { out in
                out.element("summary") { $0.element("code", HTMLReport.cut(names.name(record.place))) }
                let text = EvidenceScreen.lines(of: record, Style(color: false), withPlace: false)
                out.element("pre") { out in
                    for (index, line) in text.split(separator: "\n").prefix(80).enumerated() {
                        if index > 0 { out.raw("\n") }
                        out.put(HTMLReport.cut(String(line)))
                    }
                }
            }
        }
    }

    private static func commands(_ incident: IncidentStory, _ story: ReportStory, _ out: inout Markup) {
        out.element("h4", "To see it again")
        out.element("pre") { out in
            let option = story.data.databaseArgument
            out.put("dpslens findings --incident \(incident.id)\(option)")
            for rule in incident.incident.rules.prefix(4) {
                out.raw("\n")
                out.put("dpslens rules show \(rule) --sql")
            }
            if let finding = incident.findings.first(where: { !$0.evidence.isEmpty }) {
                out.raw("\n")
                out.put("dpslens evidence \(finding.id.prefix(8))\(option)")
            }
        }
    }

    /// What a support case asks for, as text to copy.
    private static func support(_ incident: IncidentStory, _ detail: IncidentDetail?, _ out: inout Markup) {
        let ids = (detail?.records ?? []).flatMap(\.supportIDs)
        let hubs = Set(incident.findings.compactMap(\.hub)).sorted().prefix(5)
        let instances = Set(incident.findings.compactMap(\.dps)).sorted().prefix(5)
        let devices = Set(incident.findings.compactMap { $0.deviceId ?? $0.registrationId }).sorted().prefix(5)
        var lines = [incident.title]
        if let onset = incident.incident.onset {
            lines.append(
                "Time (UTC): \(Clock.seconds(onset)) to \(incident.incident.end.map { Clock.seconds($0) } ?? "now")"
            )
        }
        if !instances.isEmpty { lines.append("DPS: \(instances.joined(separator: ", "))") }
        if !hubs.isEmpty { lines.append("IoT hub: \(hubs.joined(separator: ", "))") }
        if !devices.isEmpty { lines.append("Devices: \(devices.joined(separator: ", "))") }
        for id in ids.prefix(8) { lines.append("\(id.name): \(id.value)") }
        out.element("h4", "For a support case")
        out.element("pre", ["class": "support"]) { out in
            for (index, line) in lines.enumerated() {
                if index > 0 { out.raw("\n") }
                out.put(HTMLReport.cut(line))
            }
        }
    }
}
