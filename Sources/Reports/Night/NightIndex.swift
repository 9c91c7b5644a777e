public import Findings

/// The page over all nights: what each told, with links to their reports.
public enum NightIndex {
    /// One night as it was kept.
    public struct Entry: Sendable {
        /// The night.
        public var night: Night
        /// How many findings stood where, by state or `suppressed`.
        public var counts: [String: Int]
        /// The name of the file that the link leads to, in the night's folder; nil if there is none any more.
        public var file: String?

        /// The run that judged it again with what was read since; nil if none did.
        public var judgedAgain: String?

        /// A night's line.
        public init(night: Night, counts: [String: Int], file: String?, judgedAgain: String? = nil) {
            self.night = night
            self.counts = counts
            self.file = file
            self.judgedAgain = judgedAgain
        }
    }

    private static let states = ["new", "reopened", "ongoing", "resolved", "unobserved", "suppressed"]

    /// Renders the page, the newest night first.
    public static func render(_ entries: [Entry]) -> String {
        var out = Markup()
        out.raw("<!DOCTYPE html>\n")
        out.element("html", ["lang": "en"]) { out in
            HTMLHead.write(title: "dpslens nights", &out)
            out.raw("\n")
            out.element("body") { out in
                out.element("header") { out in
                    out.element("h1", "dpslens nights")
                    out.element("p", "How many findings stood where after each night; times are UTC.")
                }
                out.element("main", ["id": "main"]) { out in
                    HTMLReport.table(["night", "window"] + states + ["note"], &out) { out in
                        for entry in entries.sorted(by: { $0.night.date > $1.night.date }) { row(entry, &out) }
                    }
                }
            }
        }
        out.raw("\n")
        return out.text
    }

    private static func row(_ entry: Entry, _ out: inout Markup) {
        out.element("tr") { out in
            out.element("td", ["class": "t"]) { out in
                if let file = entry.file {
                    out.element("a", ["href": "\(entry.night.date)/\(file)"], entry.night.date)
                } else {
                    out.put(entry.night.date)
                }
            }
            let window = entry.night.window
            out.element("td", ["class": "t"], "\(HTMLReport.time(window.from)) to \(HTMLReport.time(window.to))")
            for state in states { out.element("td", ["class": "n"], String(entry.counts[state] ?? 0)) }
            let notes = [
                entry.night.isSilent ? "no records in this time" : nil,
                entry.judgedAgain.map { "judged again with what was read since, by the run of \($0)" },
            ]
            out.element("td", notes.compactMap(\.self).joined(separator: "; "))
        }
        out.raw("\n")
    }
}
