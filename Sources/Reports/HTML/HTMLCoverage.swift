import Basics
import Correlation
import EventStore
import Findings

/// What the report rests on: hours with logs, what could not be known, accounts that balance, how it was made.
enum HTMLCoverage {
    static func write(_ story: ReportStory, _ out: inout Markup) {
        section("coverage", "Logs that were read", &out) { out in
            out.element("p", "That a device was never seen is said only where the hub's logs cover the time.")
            runs(story.data.coverage, &out)
            out.element("h3", "What could not be known")
            if story.unknown.isEmpty {
                out.element("p", "Nothing: every record was read and every rule had the logs that it needs.")
            }
            out.element("ul") { out in for text in story.unknown { out.element("li", HTMLReport.cut(text)) } }
        }
        section("accounting", "Accounts", &out) { accounts(story, &$0) }
        section("made", "How this was made", &out) { out in
            out.element("dl") { out in
                for item in story.made {
                    out.element("dt", item.name)
                    out.element("dd", HTMLReport.cut(item.value))
                }
            }
            files(story, &out)
        }
    }

    private static func section(_ id: String, _ title: String, _ out: inout Markup, _ body: (inout Markup) -> Void) {
        out.element("section", ["aria-labelledby": id]) { out in
            out.element("h2", ["id": id], title)
            body(&out)
        }
        out.raw("\n")
    }

    private static func accounts(_ story: ReportStory, _ out: inout Markup) {
        let total = story.errors.reduce(0) { $0 + $1.count }
        let words = story.errors.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
        out.element("p", "\(story.errorsOf): \(total) = \(words).")
        if !story.data.fleet.explained.isEmpty {
            HTMLReport.table(
                ["pattern", "errors"],
                caption: "Normal errors by what explains them",
                kind: "narrow",
                &out
            ) { out in
                for item in story.data.fleet.explained {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], HTMLReport.cut(item.name))
                        out.element("td", ["class": "n"], "\(item.count)")
                    }
                }
            }
        }
        out.element("p", "Records: \(Accounting.balance(story.data.status.totals).dropLast()).")
        let fleet = story.data.fleet
        if !fleet.unknownOperations.isEmpty {
            let list = fleet.unknownOperations.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            out.element("p", HTMLReport.cut("Operations that are not known: \(list)."))
        }
        let states = Dictionary(grouping: story.data.findings, by: \.status).mapValues(\.count).sorted {
            $0.key < $1.key
        }
        if !states.isEmpty {
            out.element("p", "Findings: \(states.map { "\($0.value) \($0.key)" }.joined(separator: ", ")).")
        }
    }

    private static func runs(_ runs: [CoverageRun], _ out: inout Markup) {
        if runs.isEmpty {
            out.element("p", "No logs.")
            return
        }
        out.element("details") { out in
            out.element("summary", "\(Words.count(runs.count, "run")) of hours in a row")
            let head = ["service", "instance", "category", "first hour", "last hour", "hours", "records"]
            HTMLReport.table(head, caption: "Hours for which records were read", &out) { out in
                for run in runs.prefix(HTMLReport.coverageRuns) {
                    out.element("tr") { out in
                        for text in [run.service, run.instance, run.category] {
                            out.element("td", HTMLReport.cut(text))
                        }
                        for text in [run.from, run.to] { out.element("td", ["class": "t"], String(text.prefix(16))) }
                        out.element("td", ["class": "n"], "\(run.hours)")
                        out.element("td", ["class": "n"], "\(run.records)")
                    }
                    out.raw("\n")
                }
            }
            let more = runs.count - HTMLReport.coverageRuns
            if more > 0 { HTMLReport.omitted("And \(more) more omitted; ", "dpslens coverage --format csv", &out) }
        }
    }

    /// The paths behind the short names, each once.
    private static func files(_ story: ReportStory, _ out: inout Markup) {
        let names = PlaceNames(places: HTMLReport.shown(story.data.findings).flatMap(\.evidence))
        let all = names.all
        if all.isEmpty || names.areWhole { return }
        out.element("details") { out in
            out.element("summary", "Paths of \(Words.count(all.count, "file")) that findings name")
            HTMLReport.table(["short name", "path"], caption: "Files by their short names", &out) { out in
                for file in all.prefix(HTMLReport.files) {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], HTMLReport.cut(file.name))
                        out.element("td") { $0.element("code", HTMLReport.cut(file.path)) }
                    }
                }
            }
            if all.count > HTMLReport.files {
                HTMLReport.omitted(
                    "And \(all.count - HTMLReport.files) more omitted; ",
                    "dpslens findings --format csv",
                    &out
                )
            }
        }
    }
}
