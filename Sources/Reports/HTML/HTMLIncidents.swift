import Findings

/// The incidents: what struck whom, who was spared, since when, what was changed before, what to do.
enum HTMLIncidents {
    static func write(_ data: ReportData, _ out: inout Markup) {
        out.element("section", ["aria-labelledby": "incidents"]) { out in
            out.element("h2", ["id": "incidents"], "Incidents")
            if data.incidents.isEmpty { out.element("p", "None.") }
            let fixes = Dictionary(data.findings.map { ($0.rule, $0.fix) }) { first, _ in first }
            for incident in data.incidents.prefix(HTMLReport.incidents) { article(incident, data, fixes, &out) }
            let more = data.incidents.count - HTMLReport.incidents
            if more > 0 {
                out.element("p", ["class": "omitted"]) { out in
                    out.put("And \(more) more incidents omitted; ")
                    out.element("code", "dpslens incidents --format csv")
                    out.put(" has all.")
                }
            }
        }
        out.raw("\n")
    }

    private static func article(
        _ incident: Incident,
        _ data: ReportData,
        _ fixes: [String: String],
        _ out: inout Markup
    ) {
        out.element("article", ["id": "incident-\(incident.id)"]) { out in
            out.element("h3") { out in
                HTMLReport.badge(incident.severity, &out)
                out.put(HTMLReport.cut(incident.title))
            }
            out.element("dl") { out in
                if let contrast = IncidentScreen.contrast(incident) { row("struck", contrast, &out) }
                if incident.onset != nil {
                    let end = incident.end.map { " until \(HTMLReport.time($0))" } ?? ""
                    row("since", HTMLReport.time(incident.onset) + end, &out)
                }
                for change in incident.changes {
                    let whom = change.enrollment.map { " of \($0)" } ?? ""
                    let told = "\(change.operation)\(whom) at \(HTMLReport.time(change.time)) (\(change.evidence))"
                    row("changed before", told, &out)
                }
                let counts = incident.rules.map { "\(incident.counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
                row("findings", counts, &out)
                if let trend = data.night?.incidentTrends[incident.id] {
                    row("open, last nights", NightLines.text(trend), &out)
                }
                row("id", incident.id, &out)
            }
            if !incident.fix.isEmpty {
                out.element("p", ["class": "fix"]) { out in
                    out.element("strong", "Fix: ")
                    out.put(HTMLReport.cut(incident.fix))
                }
            }
            let others = incident.rules.filter { $0 != incident.leadingRule && fixes[$0]?.isEmpty == false }
            if !others.isEmpty {
                out.element("details") { out in
                    out.element("summary", "What the other rules say")
                    for rule in others { out.element("p", HTMLReport.cut("\(rule): \(fixes[rule] ?? "")")) }
                }
            }
            out.element("details") { out in
                let all = incident.subjects.count
                out.element("summary", "\(HTMLReport.count(all, "subject")), in their order, at most twenty")
                out.element("p") { out in
                    for (index, subject) in incident.subjects.enumerated() {
                        if index > 0 { out.put(", ") }
                        out.element("code", HTMLReport.cut(subject))
                    }
                }
            }
        }
        out.raw("\n")
    }

    private static func row(_ name: String, _ value: String, _ out: inout Markup) {
        out.element("dt", name)
        out.element("dd", HTMLReport.cut(value))
    }
}
