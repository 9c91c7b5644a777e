import Basics
import Correlation

/// Who fails, who is restless, how fast devices connect, and where they were sent.
enum HTMLShapes {
    static func write(_ story: ReportStory, _ out: inout Markup) {
        guard let charts = story.data.charts, !charts.buckets.isEmpty else { return }
        heat(charts, ReportCharts.candidates(story.data.findings), &out)
        multiples(charts, &out)
        delays(charts, &out)
        shares(charts, &out)
    }

    /// - Parameter candidates: how many devices could be shown.
    private static func heat(_ charts: FleetCharts, _ candidates: Int, _ out: inout Markup) {
        let rows = charts.heat.filter { $0.events.contains { $0 > 0 } }
        guard !rows.isEmpty, charts.buckets.count > 1 else { return }
        let most = max(1, rows.flatMap(\.events).max() ?? 1)
        out.element("section", ["aria-labelledby": "heat"]) { out in
            out.element("h2", ["id": "heat"], "Restless devices")
            let whom =
                candidates > rows.count
                ? "the first \(rows.count) of \(candidates) devices with findings" : "the devices with findings"
            let caption =
                "Events of a device by \(TimeSpan.text(charts.step)), \(whom), those that loop or flap first."
                + " Darker (in the dark theme: lighter) is more; the most in one column is \(most)."
            let times = charts.buckets.map(\.time)
            HTMLReport.table(
                ["device", "events over time", "sum", "most"],
                caption: caption,
                kind: "heat",
                foot: { out in
                    out.element("tr") { out in
                        out.element("td", "")
                        out.element("td", [:]) { Figure.axis(times, charts.step, &$0) }
                        out.element("td", ["colspan": "2"], "")
                    }
                },
                &out
            ) { out in
                for row in rows {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"]) { $0.element("code", HTMLReport.cut(row.device)) }
                        out.element("td", ["class": "bars"]) { out in
                            out.element(
                                "svg",
                                [
                                    "class": "strip", "viewBox": "0 0 \(row.events.count) 10",
                                    "preserveAspectRatio": "none", "aria-hidden": "true", "data-time": "",
                                ]
                            ) { out in
                                out.empty("rect", ["class": "track", "width": "\(row.events.count)", "height": "10"])
                                for level in 1...5 {
                                    var path = ""
                                    for (index, value) in row.events.enumerated() where self.level(value, most) == level
                                    {
                                        path += "M\(index) 0h1v10h-1z"
                                    }
                                    if !path.isEmpty { out.empty("path", ["class": "heat\(level)", "d": path]) }
                                }
                            }
                        }
                        out.element("td", ["class": "n"], "\(row.events.reduce(0, +))")
                        out.element("td", ["class": "n"], "\(row.events.max() ?? 0)")
                    }
                    out.raw("\n")
                }
            }
            Figure.numbers(
                "Events of a device by \(TimeSpan.text(charts.step))",
                ["device", "when (UTC) and how many"],
                rows.map { [HTMLReport.cut($0.device), Figure.when($0.events, times)] },
                &out
            )
        }
        out.raw("\n")
    }

    /// The class of a number: 0 for none, else five steps, each twice as much as the one before.
    private static func level(_ value: Int, _ most: Int) -> Int {
        if value == 0 { return 0 }
        var (level, bound) = (5, most)
        while level > 1, value * 2 <= bound { (level, bound) = (level - 1, bound / 2) }
        return level
    }

    private static func multiples(_ charts: FleetCharts, _ out: inout Markup) {
        if charts.multiples.isEmpty { return }
        out.element("section", ["aria-labelledby": "failures"]) { out in
            out.element("h2", ["id": "failures"], "Who fails")
            out.element(
                "p",
                ["class": "dim"],
                "Refused attempts at DPS and errors of hubs that nothing explains, by what the devices have in common."
            )
            out.element("div", ["class": "grid"]) { out in
                var names: [String] = []
                for multiple in charts.multiples where !names.contains(multiple.attribute) {
                    names.append(multiple.attribute)
                }
                for name in names {
                    let rows = charts.multiples.filter { $0.attribute == name }
                    let more = charts.multiplesLeftOut[name].map { ", and \($0) more with fewer" } ?? ""
                    let caption = "Failures by \(name)\(more)"
                    HTMLReport.table(
                        [name, "failures", "devices", "over time"],
                        caption: caption,
                        kind: "multiple",
                        &out
                    ) { out in
                        for row in rows {
                            out.element("tr") { out in
                                out.element("th", ["scope": "row"], HTMLReport.cut(row.value))
                                out.element("td", ["class": "n"], "\(row.total)")
                                out.element("td", ["class": "n"], row.devices > 0 ? "\(row.devices)" : "")
                                out.element("td", ["class": "bars"]) { Figure.spark(row.failures, "refused", &$0) }
                            }
                            out.raw("\n")
                        }
                    }
                }
            }
            let times = charts.buckets.map(\.time)
            Figure.numbers(
                "Failures by what the devices have in common",
                ["of", "value", "when (UTC) and how many"],
                charts.multiples.map {
                    [$0.attribute, HTMLReport.cut($0.value), Figure.when($0.failures, times)]
                },
                &out
            )
        }
        out.raw("\n")
    }

    private static func delays(_ charts: FleetCharts, _ out: inout Markup) {
        let all = charts.delays.reduce(0, +)
        guard all > 0 else { return }
        out.element("section", ["aria-labelledby": "delays"]) { out in
            out.element("h2", ["id": "delays"], "From assignment to first connection")
            let caption = "How long \(Words.count(all, "attempt")) took that connected within the window"
            HTMLReport.table(["time", "attempts", "share", ""], caption: caption, kind: "delays", &out) { out in
                for (index, count) in charts.delays.enumerated() {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], delay(index))
                        out.element("td", ["class": "n"], "\(count)")
                        out.element("td", ["class": "n"], percent(count, of: all))
                        out.element("td", ["class": "bars"]) {
                            Figure.bar(Double(count) / Double(all), "connected", &$0)
                        }
                    }
                    out.raw("\n")
                }
            }
        }
        out.raw("\n")
    }

    private static func delay(_ index: Int) -> String {
        let bounds = FleetCharts.delayBounds.map { bound in
            let seconds = bound / 1_000_000
            return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min"
        }
        if index == 0 { return "up to \(bounds[0])" }
        return index < bounds.count ? "\(bounds[index - 1]) to \(bounds[index])" : "over \(bounds[bounds.count - 1])"
    }

    private static func percent(_ part: Int, of all: Int) -> String {
        let tenths = all > 0 ? (part * 1000 + all / 2) / all : 0
        return "\(tenths / 10).\(tenths % 10) %"
    }

    private static func shares(_ charts: FleetCharts, _ out: inout Markup) {
        let all = charts.shares.reduce(0) { $0 + $1.assigned }
        guard all > 0, charts.shares.count > 1 || charts.shares.contains(where: { $0.weight != nil }) else { return }
        let weights = charts.shares.reduce(0) { $0 + ($1.weight ?? 0) }
        let most = 20
        out.element("section", ["aria-labelledby": "shares"]) { out in
            out.element("h2", ["id": "shares"], "Where DPS sent them")
            let more = charts.shares.count > most ? ", the first \(most) of \(charts.shares.count) hubs" : ""
            let caption =
                "Assignments by hub\(more)"
                + (weights > 0 ? ", beside the weights of an export" : "; no export gives weights")
            HTMLReport.table(["hub", "assignments", "share", "by weight", ""], caption: caption, kind: "shares", &out) {
                out in
                for share in charts.shares.prefix(most) {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], HTMLReport.cut(share.hub))
                        out.element("td", ["class": "n"], "\(share.assigned)")
                        out.element("td", ["class": "n"], percent(share.assigned, of: all))
                        out.element("td", ["class": "n"], share.weight.map { percent($0, of: weights) } ?? "")
                        out.element("td", ["class": "bars"]) {
                            Figure.bar(Double(share.assigned) / Double(all), "connected", &$0)
                        }
                    }
                    out.raw("\n")
                }
            }
        }
        out.raw("\n")
    }
}
