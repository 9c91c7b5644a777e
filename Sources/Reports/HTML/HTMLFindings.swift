import Findings

/// The findings by rule, worst first: why it matters, what to do, and whom it concerns.
enum HTMLFindings {
    static func write(_ data: ReportData, _ out: inout Markup) {
        out.element("section", ["aria-labelledby": "findings"]) { out in
            out.element("h2", ["id": "findings"], "Findings by rule")
            let causes = data.causes
            if causes.isEmpty { out.element("p", "None.") }
            let cards = Dictionary(uniqueKeysWithValues: data.rules.map { ($0.name, $0) })
            let shown = Set(data.incidents.prefix(HTMLReport.incidents).map(\.id))
            var left = HTMLReport.findingsInAll
            for cause in causes {
                let count = min(left, HTMLReport.findingsPerRule, cause.findings.count)
                left -= count
                rule(cause, cards[cause.rule], count, shown, &out)
            }
        }
        out.raw("\n")
    }

    private static func rule(
        _ cause: ReportData.Cause,
        _ card: RuleCard?,
        _ count: Int,
        _ incidents: Set<String>,
        _ out: inout Markup
    ) {
        out.element("div", ["class": "rule"]) { out in
            out.element("h3") { out in
                HTMLReport.badge(cause.severity, &out)
                out.put(HTMLReport.cut(cause.title) + " ")
                out.element("code", ["class": "dim"], cause.rule)
            }
            out.element("dl") { out in
                let parts = [
                    ("why it matters", card?.texts["why"]), ("likely causes", card?.texts["causes"]),
                    ("looks alike but is not", card?.texts["not this"]),
                ]
                for (name, text) in parts {
                    guard let text, !text.isEmpty else { continue }
                    out.element("dt", name)
                    out.element("dd", HTMLReport.cut(text))
                }
            }
            out.element("p", ["class": "fix"]) { out in
                out.element("strong", "Fix: ")
                out.put(HTMLReport.cut(cause.fix))
            }
            out.element("details", ["class": "long"]) { out in
                out.element("summary", HTMLReport.count(cause.findings.count, "finding"))
                list(cause.findings.prefix(count), cause.severity, incidents, &out)
                let more = cause.findings.count - count
                if more > 0 {
                    out.element("p", ["class": "omitted"]) { out in
                        out.put("And \(more) more omitted; ")
                        out.element("code", "dpslens findings --format csv")
                        out.put(" has all.")
                    }
                }
            }
        }
        out.raw("\n")
    }

    private static func list(
        _ findings: ArraySlice<Finding>,
        _ worst: Severity,
        _ incidents: Set<String>,
        _ out: inout Markup
    ) {
        let head = ["subject", "what", "sure", "status", "first seen", "last seen", "times", "incident"]
        HTMLReport.table(head, &out) { out in
            for finding in findings {
                out.element("tr") { out in
                    out.element("td") { $0.element("code", HTMLReport.cut(finding.subject)) }
                    out.element("td", ["class": "what"]) { what(finding, &$0) }
                    out.element("td", finding.confidence)
                    let milder = finding.severity == worst ? "" : ", \(finding.severity.rawValue)"
                    out.element("td", finding.status + milder)
                    out.element("td", ["class": "t"], HTMLReport.time(finding.firstSeen))
                    out.element("td", ["class": "t"], HTMLReport.time(finding.lastSeen))
                    out.element("td", ["class": "n"], "\(finding.occurrences)")
                    out.element("td", ["class": "t"]) { out in
                        guard let incident = finding.incident else { return }
                        if incidents.contains(incident) {
                            out.element("a", ["href": "#incident-\(incident)"], incident)
                        } else {
                            out.put(incident)
                        }
                    }
                }
                out.raw("\n")
            }
        }
    }

    /// The sentence, and the lines of the logs that it rests on.
    private static func what(_ finding: Finding, _ out: inout Markup) {
        out.put(HTMLReport.cut(finding.summary))
        if finding.evidence.isEmpty { return }
        out.element("details") { out in
            out.element("summary", "evidence")
            for (index, place) in finding.evidence.enumerated() {
                if index > 0 { out.empty("br") }
                out.element("code", HTMLReport.cut(place))
            }
        }
    }
}
