import AzureLogs
import Correlation
import Findings

/// When the findings began, as bars over time; each bar has its number as a text.
enum HTMLChart {
    /// The most bars; a bar is an hour, or as many whole hours as keep to this.
    static let bars = 96
    private static let hour: Int64 = 3_600_000_000
    private static let width = 960
    private static let height = 120

    static func write(_ data: ReportData, _ out: inout Markup) {
        let onsets = data.findings.compactMap(\.firstSeen)
        let times = onsets + [data.fleet.first, data.fleet.last].compactMap(\.self)
        guard !onsets.isEmpty, let first = times.min(), let last = times.max() else { return }
        let begin = first.flooredHour
        let hours = (last.flooredHour - begin) / hour + 1
        let step = (hours + Int64(bars) - 1) / Int64(bars)
        let count = Int((hours + step - 1) / step)
        var heights = [Int](repeating: 0, count: count)
        for onset in onsets { heights[Int((onset.flooredHour - begin) / hour / step)] += 1 }
        let most = heights.max() ?? 1
        let unit = step == 1 ? "hour" : "\(step) hours"
        let summary =
            "Onsets of \(HTMLReport.count(onsets.count, "finding")) by \(unit), from \(HTMLReport.time(begin))"
            + " to \(HTMLReport.time(begin + Int64(count) * step * hour)) (UTC); the most in one bar is \(most)."
        out.element("figure") { out in
            out.element("figcaption", summary)
            let box = "0 0 \(width) \(height + 18)"
            out.element("svg", ["viewBox": box, "role": "img", "aria-label": summary]) { out in
                out.empty("line", ["x1": "0", "y1": "\(height)", "x2": "\(width)", "y2": "\(height)"])
                let slot = max(1, width / max(count, 12))
                for (index, value) in heights.enumerated() where value > 0 {
                    // A single onset stays visible beside thousands.
                    let size = max(2, value * (height - 14) / most)
                    let from = HTMLReport.time(begin + Int64(index) * step * hour)
                    out.element(
                        "rect",
                        [
                            "x": "\(index * slot)", "y": "\(height - size)", "width": "\(max(1, slot - 2))",
                            "height": "\(size)",
                        ]
                    ) { $0.element("title", "\(from): \(value)") }
                    if slot >= 24 {
                        out.element("text", ["x": "\(index * slot)", "y": "\(height - size - 3)"], "\(value)")
                    }
                }
                out.element("text", ["x": "0", "y": "\(height + 14)"], HTMLReport.time(begin))
                if count * slot > 340 {
                    out.element(
                        "text",
                        ["x": "\(count * slot)", "y": "\(height + 14)", "text-anchor": "end"],
                        HTMLReport.time(begin + Int64(count) * step * hour)
                    )
                }
            }
        }
        out.raw("\n")
    }
}

extension Int64 {
    /// The beginning of the hour, microseconds since 1970.
    fileprivate var flooredHour: Int64 {
        let hour: Int64 = 3_600_000_000
        let rest = self % hour
        return self - (rest < 0 ? rest + hour : rest)
    }
}
