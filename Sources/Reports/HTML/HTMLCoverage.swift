import Correlation

/// What the report rests on: the hours of which logs were read, errors that are normal life, rules that were not asked.
enum HTMLCoverage {
    static func write(_ data: ReportData, _ out: inout Markup) {
        out.element("section", ["aria-labelledby": "coverage"]) { out in
            out.element("h2", ["id": "coverage"], "Coverage")
            out.element("p", "\"Never connected\" is said only where the hub's logs cover the time.")
            runs(data.coverage, &out)
        }
        out.raw("\n")
        out.element("section", ["aria-labelledby": "normal"]) { out in
            out.element("h2", ["id": "normal"], "Normal errors")
            let explained = data.fleet.explained.reduce(0) { $0 + $1.count }
            out.element(
                "p",
                "\(explained) of \(explained + data.fleet.unexplained) errors are explained by what is normal life;"
                    + " \(data.fleet.unexplained) stand unexplained. They were counted, and are no findings."
            )
            if !data.fleet.explained.isEmpty {
                HTMLReport.table(["pattern", "errors"], &out) { out in
                    for item in data.fleet.explained {
                        out.element("tr") { out in
                            out.element("td", HTMLReport.cut(item.name))
                            out.element("td", "\(item.count)")
                        }
                    }
                }
            }
        }
        out.raw("\n")
        out.element("section", ["aria-labelledby": "skipped"]) { out in
            out.element("h2", ["id": "skipped"], "Rules not asked")
            if data.skipped.isEmpty { out.element("p", "None: every rule had the logs that it needs.") }
            if !data.skipped.isEmpty {
                HTMLReport.table(["rule", "why"], &out) { out in
                    for item in data.skipped {
                        out.element("tr") { out in
                            out.element("td", HTMLReport.cut(item.rule))
                            out.element("td", HTMLReport.cut(item.reason))
                        }
                    }
                }
            }
        }
        out.raw("\n")
    }

    private static func runs(_ runs: [CoverageRun], _ out: inout Markup) {
        if runs.isEmpty {
            out.element("p", "No logs.")
            return
        }
        out.element("details", ["class": "long"]) { out in
            out.element("summary", HTMLReport.count(runs.count, "run") + " of hours in a row")
            let head = ["service", "instance", "category", "first hour", "last hour", "hours", "records"]
            HTMLReport.table(head, &out) { out in
                for run in runs.prefix(HTMLReport.coverageRuns) {
                    out.element("tr") { out in
                        for text in [run.service, run.instance, run.category, run.from, run.to] {
                            out.element("td", HTMLReport.cut(text))
                        }
                        out.element("td", ["class": "n"], "\(run.hours)")
                        out.element("td", ["class": "n"], "\(run.records)")
                    }
                    out.raw("\n")
                }
            }
            let more = runs.count - HTMLReport.coverageRuns
            if more > 0 {
                out.element("p", ["class": "omitted"]) { out in
                    out.put("And \(more) more omitted; ")
                    out.element("code", "dpslens coverage --format csv")
                    out.put(" has all.")
                }
            }
        }
    }
}
