/// The parts that charts have in common: bars in cells of tables, axes as text of the page, so that letters keep their size.
enum Figure {
    /// A bar in a cell; `share` from 0 to 1.
    ///
    /// It says nothing that the cells beside it do not say.
    static func bar(_ share: Double, _ kind: StaticString, _ out: inout Markup) {
        let width = Int((min(1, max(0, share)) * 1000).rounded())
        out.element(
            "svg",
            ["class": "bar", "viewBox": "0 0 1000 10", "preserveAspectRatio": "none", "aria-hidden": "true"]
        ) { out in
            out.empty("rect", ["class": "track", "width": "1000", "height": "10"])
            out.empty("rect", ["class": "\(kind)", "width": "\(share > 0 ? max(4, width) : 0)", "height": "10"])
        }
    }

    /// When something was, column by column: `2026-03-02 10:00 ×3, 2026-03-02 10:10 ×4`.
    static func when(_ values: [Int], _ times: [Int64]) -> String {
        zip(values, times).filter { $0.0 > 0 }.map { "\(short($0.1)) \u{00D7}\($0.0)" }.joined(separator: ", ")
    }

    /// Numbers over time as small bars, 100 high.
    static func spark(_ values: [Int], _ kind: StaticString, _ out: inout Markup) {
        let most = max(1, values.max() ?? 1)
        out.element(
            "svg",
            [
                "class": "spark", "viewBox": "0 0 \(max(1, values.count)) 100", "preserveAspectRatio": "none",
                "aria-hidden": "true", "data-time": "",
            ]
        ) { out in
            out.empty("path", ["class": "\(kind)", "d": columns(values, most: most)])
        }
    }

    /// The outline of columns one unit wide; a column above 0 stays visible beside thousands.
    static func columns(_ values: [Int], most: Int, above base: [Int]? = nil) -> String {
        var path = ""
        for (index, value) in values.enumerated() where value > 0 {
            let bottom = base.map { $0[index] * 100 / most } ?? 0
            let top = max(bottom + 2, ((base?[index] ?? 0) + value) * 100 / most)
            path += "M\(index) \(100 - min(100, top))h1v\(min(100, top) - bottom)h-1z"
        }
        return path
    }

    /// Times under a plot: its beginning, middle and end.
    static func axis(_ times: [Int64], _ step: Int64, _ out: inout Markup) {
        guard let first = times.first, let last = times.last else { return }
        out.element("p", ["class": "axis", "data-axis": ""]) { out in
            for time in [first, first + (last + step - first) / 2, last + step] {
                out.element("span", short(time))
            }
        }
    }

    /// A time without seconds and without `T`, UTC.
    static func short(_ time: Int64) -> String {
        String(Clock.seconds(time).prefix(16)).split(separator: "T").joined(separator: " ")
    }

    /// A swatch and what it stands for.
    static func key(_ kind: StaticString, _ name: String, _ out: inout Markup) {
        out.element("li") { out in
            out.element("svg", ["class": "swatch", "viewBox": "0 0 10 10", "aria-hidden": "true"]) { out in
                out.empty("rect", ["class": "\(kind)", "width": "10", "height": "10"])
            }
            out.put(name)
        }
    }

    /// The swatch of time without logs: hatched as the columns are.
    static func noLogsKey(_ name: String, _ out: inout Markup) {
        out.element("li") { out in
            out.element("svg", ["class": "swatch", "viewBox": "0 0 10 10", "aria-hidden": "true"]) { out in
                out.empty("path", ["class": "nologs", "d": "M0 5L5 0M0 10L10 0M5 10L10 5M0 0h10v10h-10z"])
            }
            out.put(name)
        }
    }

    /// The numbers of a chart as a table that is folded away.
    static func numbers(_ caption: String, _ head: [String], _ rows: [[String]], _ out: inout Markup) {
        out.element("details", ["class": "numbers"]) { out in
            out.element("summary", "Numbers of this chart")
            HTMLReport.table(head, caption: caption, &out) { out in
                for row in rows {
                    out.element("tr") { out in
                        for (index, cell) in row.enumerated() {
                            if index == 0 {
                                out.element("th", ["scope": "row"], cell)
                            } else {
                                let isNumber = !cell.isEmpty && cell.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
                                out.element("td", isNumber ? ["class": "n"] : [:], cell)
                            }
                        }
                    }
                    out.raw("\n")
                }
            }
        }
    }
}
