import Findings

/// The beginning of a night's report.
enum HTMLNight {
    static func write(_ data: ReportData, _ out: inout Markup) {
        guard let report = data.night else { return }
        let lines = NightLines(data: data, report: report)
        out.element("section", ["aria-labelledby": "night"]) { out in
            out.element("h2", ["id": "night"], "Night \(report.night.date)")
            out.element("dl") { out in
                for fact in lines.facts {
                    out.element("dt", fact.name)
                    out.element("dd", HTMLReport.cut(fact.value))
                }
            }
            for section in lines.sections {
                out.element("h3", section.title)
                out.element("ul") { out in
                    for line in section.lines { out.element("li", HTMLReport.cut(line)) }
                }
            }
        }
        out.raw("\n")
    }
}
