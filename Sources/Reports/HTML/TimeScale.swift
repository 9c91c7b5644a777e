import Correlation

/// The time of the charts as a scale that the script can zoom: a unit is a column.
struct TimeScale {
    private let begin: Int64
    private let step: Int64
    private let count: Int

    init(_ charts: FleetCharts) {
        begin = charts.buckets.first?.time ?? 0
        step = max(1, charts.step)
        count = charts.buckets.count
    }

    /// Where a time lies, hundredths of a column; what lies outside is at the edge.
    func place(_ time: Int64) -> Int { Int(min(max(0, (time - begin) * 100 / step), Int64(count) * 100)) }

    /// A thin strip over the whole time with what `body` draws, 10 high.
    func strip(_ out: inout Markup, _ body: (inout Markup) -> Void) {
        out.element(
            "svg",
            [
                "class": "strip", "viewBox": "0 0 \(count) 10", "preserveAspectRatio": "none", "aria-hidden": "true",
                "data-time": "",
            ]
        ) { out in
            out.empty("rect", ["class": "track", "width": "\(count)", "height": "10"])
            body(&out)
        }
    }

    /// A mark at a time; a line, so that it stays as thin when the scale is stretched.
    func mark(_ time: Int64, _ kind: StaticString, _ out: inout Markup) {
        let x = Self.text(min(place(time), count * 100 - 1))
        out.element("path", ["class": "\(kind)", "d": "M\(x) 0v10"]) { $0.element("title", Figure.short(time)) }
    }

    /// Hundredths as a number of columns.
    static func text(_ value: Int) -> String {
        let rest = value % 100
        return "\(value / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
