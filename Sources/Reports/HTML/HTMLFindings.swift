import Findings

/// Every finding in one table, which the script of the page sorts and filters; without it the table is whole.
enum HTMLFindings {
    /// The columns; their names stand before the cells on a phone (`HTMLStyle`).
    static let columns = ["severity", "rule", "subject", "what and where", "state", "first seen", "last seen", "times"]

    /// The most values that one filter offers; the others are found by text.
    private static let choices = 200

    static func write(_ story: ReportStory, _ out: inout Markup) {
        let data = story.data
        let shown = HTMLReport.shown(data.findings)
        let names = PlaceNames(places: shown.flatMap(\.evidence))
        out.element("section", ["aria-labelledby": "findings"]) { out in
            out.element("h2", ["id": "findings"], "Findings")
            if shown.isEmpty {
                out.element("p", "None.")
                return
            }
            controls(shown, &out)
            behind(data, shown, &out)
            let part = shown.count < data.findings.count ? ", of which \(shown.count) are here, some of every rule" : ""
            let caption =
                "\(Words.count(data.findings.count, "finding"))\(part), worst first; the lines are those that each rests on"
            out.element("div", ["class": "scroll"]) { out in
                out.element("table", ["class": "findings", "id": "finding-table"]) { out in
                    out.element("caption", caption)
                    out.element("thead") { out in
                        out.element("tr") { out in for name in columns { out.element("th", ["scope": "col"], name) } }
                    }
                    out.raw("\n")
                    out.element("tbody") { out in
                        for finding in shown { row(finding, names, data.records[finding.id] ?? [], &out) }
                    }
                }
            }
            let more = data.findings.count - shown.count
            if more > 0 {
                HTMLReport.omitted("And \(more) more omitted; ", "dpslens findings --format csv", &out)
            }
        }
        out.raw("\n")
    }

    private static func controls(_ findings: [Finding], _ out: inout Markup) {
        func choice(_ name: String, _ key: String, _ values: [String], _ out: inout Markup) {
            if values.count < 2 { return }
            out.element("label") { out in
                out.put(name + " ")
                out.element("select", ["data-filter": key]) { out in
                    out.element("option", ["value": ""], "all")
                    for value in values.prefix(choices) {
                        out.element("option", ["value": HTMLReport.cut(value)], HTMLReport.cut(value))
                    }
                    if values.count > choices {
                        // It cannot be chosen, and says where the rest is.
                        out.element(
                            "option",
                            ["value": "", "disabled": ""],
                            "\(values.count - choices) more: by text"
                        )
                    }
                }
            }
        }
        func all(_ value: (Finding) -> String?) -> [String] { Set(findings.compactMap(value)).sorted() }
        out.element(
            "div",
            ["class": "controls", "id": "filter", "role": "search", "aria-label": "Findings", "hidden": ""]
        ) { out in
            let severities = Set(findings.map(\.severity)).sorted(by: >).map(\.rawValue)
            choice("Severity", "severity", severities, &out)
            choice("Rule", "rule", all(\.rule), &out)
            choice("State", "state", all(\.status), &out)
            choice("Group", "group", all(\.enrollmentGroup), &out)
            choice("Hub", "hub", all(\.hub), &out)
            out.element("label") { out in
                out.put("Text ")
                out.empty("input", ["type": "search", "data-filter": "text", "autocomplete": "off"])
            }
            out.element("button", ["type": "button", "id": "clear"], "Show all")
            out.element("button", ["type": "button", "id": "csv"], "Download as CSV")
            out.element("span", ["id": "count", "role": "status"], "")
        }
        out.element("p", ["class": "controls", "id": "pages", "hidden": ""]) { out in
            out.element("button", ["type": "button", "id": "back"], "Back")
            out.element("span", ["id": "page"], "")
            out.element("button", ["type": "button", "id": "forward"], "Forward")
        }
    }

    /// Says behind which findings the raw records stand.
    private static func behind(_ data: ReportData, _ shown: [Finding], _ out: inout Markup) {
        if data.isRedacted { return HTMLRecords.leftOut(&out) }
        let cited = shown.count { !$0.evidence.isEmpty }
        guard !data.records.isEmpty, cited > data.records.count else { return }
        out.element("p", ["class": "omitted"]) { out in
            out.put("The raw records stand behind the first findings of every rule, \(data.records.count) in all; ")
            out.element("code", "dpslens evidence ID\(data.databaseArgument)")
            out.put(" shows those of any other.")
        }
    }

    private static func row(
        _ finding: Finding,
        _ names: PlaceNames,
        _ records: [EvidenceRecord],
        _ out: inout Markup
    ) {
        out.element(
            "tr",
            [
                "data-id": finding.id, "data-group": HTMLReport.cut(finding.enrollmentGroup ?? ""),
                "data-hub": HTMLReport.cut(finding.hub ?? ""),
            ]
        ) { out in
            out.element("td") { HTMLReport.badge(finding.severity, &$0) }
            out.element("td") { $0.element("code", HTMLReport.cut(finding.rule)) }
            out.element("td") { $0.element("code", HTMLReport.cut(finding.subject)) }
            out.element("td", ["class": "what"]) { out in
                out.put(HTMLReport.cut(finding.summary))
                out.put(" (\(finding.confidence))")
                if finding.evidence.isEmpty { return }
                out.element("small") { out in
                    out.put("dpslens evidence \(finding.id.prefix(8))")
                    for place in finding.evidence { out.put(" \u{00B7} " + HTMLReport.cut(names.name(place))) }
                }
                if records.isEmpty { return }
                out.element("details") { out in
                    out.element("summary", Words.count(records.count, "record"))
                    for record in records {
                        out.element("p", ["class": "dim"]) {
                            $0.element("code", HTMLReport.cut(names.name(record.place)))
                        }
                        HTMLRecords.text(of: record, &out)
                    }
                }
            }
            out.element("td", finding.status)
            out.element("td", ["class": "t"], finding.firstSeen.map { Clock.seconds($0) } ?? "")
            out.element("td", ["class": "t"], finding.lastSeen.map { Clock.seconds($0) } ?? "")
            out.element("td", ["class": "n"], "\(finding.occurrences)")
        }
        out.raw("\n")
    }
}
