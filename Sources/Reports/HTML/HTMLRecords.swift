/// Raw records on a page: as text, a bearable part of each, and what is left out said.
enum HTMLRecords {
    /// The most lines of one record.
    private static let lines = 80

    /// A record as the terminal shows it.
    static func text(of record: EvidenceRecord, _ out: inout Markup) {
        let text = EvidenceScreen.lines(of: record, Style(color: false), withPlace: false)
        let all = text.split(separator: "\n")
        out.element("pre") { out in
            for (index, line) in all.prefix(lines).enumerated() {
                if index > 0 { out.raw("\n") }
                out.put(HTMLReport.cut(String(line)))
            }
            if all.count > lines { out.put("\n… (\(Words.count(all.count - lines, "more line")))") }
        }
    }

    /// What stands in the place of records in a report without names.
    static func leftOut(_ out: inout Markup) {
        out.element(
            "p",
            ["class": "dim"],
            "Raw records are left out of a redacted report: names that nobody knows of may stand in them."
        )
    }
}
