import Basics
import Correlation
import Findings

/// What happened when: outcomes stacked, errors of hubs with the normal ones behind, incidents as spans, changes as marks.
enum HTMLTimeline {
    /// The most incidents that are marked.
    static let spans = 12

    static func write(_ story: ReportStory, _ out: inout Markup) {
        guard let charts = story.data.charts, charts.buckets.count > 1 else { return }
        let times = charts.buckets.map(\.time)
        out.element("section", ["aria-labelledby": "timeline"]) { out in
            out.element("h2", ["id": "timeline"], "Over time")
            out.element(
                "p",
                ["class": "dim"],
                "A column is \(TimeSpan.text(charts.step)) (UTC). Hatched columns have no logs: nothing is known there, which is not zero."
            )
            zoom(charts, &out)
            attempts(charts, times, &out)
            hubs(charts, times, &out)
            marks(story, charts, &out)
            HTMLChanges.write(story, charts, &out)
        }
        out.raw("\n")
    }

    /// The choice of a span, which the script shows and serves.
    private static func zoom(_ charts: FleetCharts, _ out: inout Markup) {
        out.element(
            "p",
            [
                "class": "controls", "id": "zoom", "hidden": "", "data-begin": "\(charts.buckets[0].time / 1_000_000)",
                "data-step": "\(charts.step / 1_000_000)", "data-count": "\(charts.buckets.count)",
            ]
        ) { out in
            for (name, id) in [("From ", "zoom-from"), (" to ", "zoom-to")] {
                out.element("label") { out in
                    out.put(name)
                    out.element("select", ["id": id], "")
                }
            }
            out.element("button", ["type": "button", "id": "zoom-reset"], "Whole time")
            out.element("span", ["class": "dim"], " or drag over a chart")
        }
    }

    /// Every kind of end, from what is well to what is worst, with its name for people.
    private static let ends: [(key: String, kind: StaticString, name: String)] = [
        ("connected", "connected", "connected"), ("undetermined", "undetermined", "cannot be told"),
        ("accepted", "undetermined2", "let in, no hub known"), ("assigned", "undetermined3", "assigned, not followed"),
        ("silent", "silent", "never seen at the hub"), ("elsewhere", "elsewhere", "went to another hub"),
        ("refused", "refused", "refused by the hub"), ("throttled", "throttled", "throttled by DPS"),
        ("disabled", "disabled", "enrollment disabled"), ("failed", "failed", "refused by DPS"),
        ("unknown", "unknown", "answer not known"),
    ]

    private static func attempts(_ charts: FleetCharts, _ times: [Int64], _ out: inout Markup) {
        let used = ends.filter { end in charts.buckets.contains { ($0.attempts[end.key] ?? 0) > 0 } }
        let series = used.map { end in (end.kind, end.name, charts.buckets.map { $0.attempts[end.key] ?? 0 }) }
        if series.isEmpty { return }
        plot(
            "Registration attempts at DPS, by what became of them",
            series,
            charts.buckets.map(\.hasDPSLogs),
            times,
            charts.step,
            &out
        )
    }

    private static func hubs(_ charts: FleetCharts, _ times: [Int64], _ out: inout Markup) {
        let hasLogs = charts.buckets.map(\.hasHubLogs)
        guard hasLogs.contains(true) else { return }
        plot(
            "Errors at hubs: those that need an explanation, throttling, and normal ones",
            [
                ("refused", "not explained", charts.buckets.map(\.hubErrors)),
                ("throttled", "throttled or over quota", charts.buckets.map(\.hubThrottled)),
                ("normal", "normal (renewals and the like)", charts.buckets.map(\.normalErrors)),
            ],
            hasLogs,
            times,
            charts.step,
            &out
        )
        plot(
            "Connections that hubs accepted",
            [("connected", "connections", charts.buckets.map(\.connections))],
            hasLogs,
            times,
            charts.step,
            &out
        )
    }

    private static func plot(
        _ title: String,
        _ series: [(kind: StaticString, name: String, values: [Int])],
        _ hasLogs: [Bool],
        _ times: [Int64],
        _ step: Int64,
        _ out: inout Markup
    ) {
        let sums = times.indices.map { index in series.reduce(0) { $0 + $1.values[index] } }
        let most = max(1, sums.max() ?? 1)
        out.element("figure") { out in
            out.element("figcaption", "\(title). The highest column is \(most).")
            let label = "\(title), from \(Figure.short(times[0])), \(Words.count(times.count, "column"))"
            out.element(
                "svg",
                [
                    "class": "plot", "viewBox": "0 0 \(times.count) 100", "preserveAspectRatio": "none", "role": "img",
                    "aria-label": label, "data-time": "",
                ]
            ) { out in
                var base = [Int](repeating: 0, count: times.count)
                for one in series {
                    out.empty(
                        "path",
                        ["class": "\(one.kind)", "d": Figure.columns(one.values, most: most, above: base)]
                    )
                    for index in base.indices { base[index] += one.values[index] }
                }
                var gaps = ""
                for (index, has) in hasLogs.enumerated() where !has {
                    // Slanted lines over the whole column, and no colour that a number could have.
                    gaps += "M\(index) 100l1 -100M\(index) 50l.5 -50M\(index).5 100l.5 -50"
                }
                if !gaps.isEmpty { out.empty("path", ["class": "nologs", "d": gaps]) }
                for (index, time) in times.enumerated() where sums[index] > 0 || !hasLogs[index] {
                    out.element("rect", ["class": "hit", "x": "\(index)", "width": "1", "height": "100"]) { out in
                        let parts = series.filter { $0.values[index] > 0 }.map { "\($0.values[index]) \($0.name)" }
                        let told = hasLogs[index] || !parts.isEmpty ? parts.joined(separator: ", ") : "no logs"
                        out.element("title", "\(Figure.short(time)): \(told)")
                    }
                }
            }
            Figure.axis(times, step, &out)
            out.element("ul", ["class": "legend"]) { out in
                for one in series where one.values.contains(where: { $0 > 0 }) {
                    Figure.key(one.kind, "\(one.values.reduce(0, +)) \(one.name)", &out)
                }
                if hasLogs.contains(false) {
                    let count = hasLogs.count { !$0 }
                    Figure.noLogsKey("no logs in \(Words.count(count, "column"))", &out)
                }
            }
            let shown = series.filter { $0.values.contains { $0 > 0 } }
            Figure.numbers(
                title,
                ["from (UTC)"] + shown.map(\.name),
                times.indices.filter { sums[$0] > 0 || !hasLogs[$0] }.map { index in
                    [Figure.short(times[index])]
                        + shown.map { hasLogs[index] || sums[index] > 0 ? "\($0.values[index])" : "no logs" }
                },
                &out
            )
        }
        out.raw("\n")
    }

    /// Incidents as spans and what was changed before them as marks, over the same time.
    private static func marks(_ story: ReportStory, _ charts: FleetCharts, _ out: inout Markup) {
        let marked = story.incidents.filter { $0.incident.onset != nil }
        guard !marked.isEmpty else { return }
        let scale = TimeScale(charts)
        out.element("figure", ["class": "spans"]) { out in
            out.element(
                "figcaption",
                "Incidents from their first to their last finding; a mark is what was changed before."
            )
            for incident in marked.prefix(spans) {
                let from = scale.place(incident.incident.onset ?? 0)
                let to = max(from + 30, scale.place(incident.incident.end ?? incident.incident.onset ?? 0))
                out.element("p", ["class": "span"]) { out in
                    out.element("a", ["href": "#incident-\(incident.id)"], HTMLReport.cut(incident.title))
                    scale.strip(&out) { out in
                        out.empty(
                            "rect",
                            [
                                "class": "sev-\(incident.severity.rawValue)", "x": TimeScale.text(from),
                                "width": TimeScale.text(to - from), "height": "10",
                            ]
                        )
                        for change in incident.incident.changes { scale.mark(change.time, "change", &out) }
                    }
                }
            }
            if marked.count > spans {
                out.element(
                    "p",
                    ["class": "omitted"],
                    "The first \(spans) of \(marked.count) incidents with a time; the others are listed above."
                )
            }
            Figure.axis(charts.buckets.map(\.time), charts.step, &out)
            Figure.numbers(
                "Incidents with their first and last finding",
                ["incident", "first (UTC)", "last (UTC)", "changed before (UTC)"],
                marked.prefix(spans).map { incident in
                    let facts = incident.incident
                    let changes = facts.changes.map { "\($0.operation) \(Clock.seconds($0.time))" }
                    return [
                        HTMLReport.cut(incident.title), HTMLReport.time(facts.onset), HTMLReport.time(facts.end),
                        HTMLReport.cut(changes.joined(separator: ", ")),
                    ]
                },
                &out
            )
        }
        out.raw("\n")
    }
}
