import Findings

/// Findings that share no cause with others, by their rules: what stands beside the incidents.
enum HTMLOthers {
    static func write(_ story: ReportStory, _ out: inout Markup) {
        let byRule = Dictionary(grouping: story.others, by: \.rule).values.compactMap { findings in
            findings.first.map { (first: $0, all: findings) }
        }.sorted { a, b in
            let (x, y) = (a.all.map(\.severity).max() ?? .low, b.all.map(\.severity).max() ?? .low)
            return x == y ? (b.all.count, a.first.rule) < (a.all.count, b.first.rule) : x > y
        }
        if byRule.isEmpty { return }
        out.element("section", ["aria-labelledby": "besides"]) { out in
            out.element("h2", ["id": "besides"], "Findings that belong to no incident")
            out.element(
                "p",
                ["class": "dim"],
                "Nothing that the logs tell sets their devices apart from others, so each rule stands for itself."
            )
            HTMLReport.table(
                ["severity", "rule", "findings", "the first of them, and what to do"],
                caption: "\(Words.count(story.others.count, "finding")) by rule",
                kind: "besides",
                &out
            ) { out in
                for (first, all) in byRule {
                    out.element("tr") { out in
                        out.element("td") { HTMLReport.badge(all.map(\.severity).max() ?? first.severity, &$0) }
                        out.element("th", ["scope": "row"]) { $0.element("code", HTMLReport.cut(first.rule)) }
                        out.element("td", ["class": "n"], "\(all.count)")
                        out.element("td") { out in
                            out.put(HTMLReport.cut(first.summary))
                            out.element("small") { out in
                                out.put("Fix: " + HTMLReport.cut(first.fix) + " ")
                                out.element(
                                    "code",
                                    "dpslens findings --rule \(first.rule)\(story.data.databaseArgument)"
                                )
                            }
                        }
                    }
                    out.raw("\n")
                }
            }
        }
        out.raw("\n")
    }
}
