import Findings

/// Where attempts end on their way, and where errors belong: the two accounts of a report.
enum HTMLFunnel {
    static func write(_ story: ReportStory, _ out: inout Markup) {
        let funnel = story.funnel
        guard funnel.attempted > 0 else { return }
        out.element("section", ["aria-labelledby": "funnel"]) { out in
            out.element("h2", ["id": "funnel"], "From asking to connected")
            let caption =
                "Registration attempts, and where each of them ended. Every attempt stands in exactly one loss, in the last stage, or among those that cannot be told."
            HTMLReport.table(["stage", "attempts", "share", "told by"], caption: caption, kind: "funnel", &out) { out in
                stage("attempted", funnel.attempted, funnel, &out)
                losses("let in", story, &out)
                stage("let in by DPS", funnel.letIn, funnel, &out)
                stage("assigned to a known hub", funnel.assigned, funnel, &out)
                losses("connected", story, &out)
                if funnel.undetermined > 0 {
                    row("cannot be told from these logs", funnel.undetermined, "undetermined", [], [], story, &out)
                }
                stage("connected within the window", funnel.connected, funnel, &out)
            }
        }
        out.raw("\n")
    }

    private static func stage(_ name: String, _ count: Int, _ funnel: Funnel, _ out: inout Markup) {
        out.element("tr", ["class": "stage"]) { out in
            out.element("th", ["scope": "row"], name)
            out.element("td", ["class": "n"], "\(count)")
            out.element("td", ["class": "bars"]) {
                Figure.bar(Double(count) / Double(funnel.attempted), "connected", &$0)
            }
            out.element("td", "")
        }
        out.raw("\n")
    }

    private static func losses(_ before: String, _ story: ReportStory, _ out: inout Markup) {
        for loss in story.funnel.losses where loss.before == before {
            row(loss.name, loss.count, "refused", loss.incidents, loss.findings, story, &out)
        }
    }

    private static func row(
        _ name: String,
        _ count: Int,
        _ kind: StaticString,
        _ incidents: [String],
        _ findings: [Funnel.Told],
        _ story: ReportStory,
        _ out: inout Markup
    ) {
        out.element("tr", ["class": "loss"]) { out in
            out.element("th", ["scope": "row"]) { out in
                out.put("\u{2212} " + name)
            }
            out.element("td", ["class": "n"], "\(count)")
            out.element("td", ["class": "bars"]) {
                Figure.bar(Double(count) / Double(story.funnel.attempted), kind, &$0)
            }
            out.element("td") { out in
                let shown = Set(story.incidents.prefix(HTMLReport.incidents).map(\.id))
                for (index, id) in incidents.filter(shown.contains).prefix(5).enumerated() {
                    if index > 0 { out.put(", ") }
                    out.element("a", ["href": "#incident-\(id)"], String(id.prefix(8)))
                }
                if incidents.count > 5 { out.put(" and \(incidents.count - 5) more") }
                for (index, told) in findings.enumerated() {
                    if index > 0 || !incidents.isEmpty { out.put(", ") }
                    out.put("\(told.count) ")
                    out.element("code", told.rule)
                }
            }
        }
        out.raw("\n")
    }
}
