public import EventStore

/// Rows as aligned columns for a terminal.
public enum TableText {
    /// Renders a table.
    ///
    /// Where the columns do not fit, those that may be cut become narrower, down to six. Where that is not enough, each row goes
    /// over several lines and nothing is cut.
    ///
    /// - Parameters:
    ///   - table: what to show.
    ///   - width: columns of the terminal; nil for as wide as it takes.
    ///   - keeping: names of columns that are never cut.
    public static func render(_ table: ResultTable, width: Int? = nil, keeping: Set<String> = []) -> String {
        let cells = table.rows.map { $0.map { TerminalText.safe($0.plain) } }
        let heads = table.columns.map { TerminalText.safe($0) }
        let numeric = table.columns.indices.map { column in
            table.rows.contains { if case .text = $0[column] { false } else { $0[column] != .null } }
                && !table.rows.contains { if case .text = $0[column] { true } else { false } }
        }
        var widths = heads.map { TerminalText.width($0) }
        for row in cells {
            for (column, text) in row.enumerated() { widths[column] = max(widths[column], TerminalText.width(text)) }
        }
        if let width {
            let isKept = table.columns.map(keeping.contains)
            shrink(&widths, isKept, to: width)
            if !keeping.isEmpty, total(widths) > width { return stacked(heads, cells, width) }
        }
        func line(_ texts: [String]) -> String {
            let parts = texts.enumerated().map { column, text in
                TerminalText.pad(TerminalText.fit(text, widths[column]), widths[column], right: numeric[column])
            }
            return trimmedRight(parts.joined(separator: "  ")) + "\n"
        }
        var out = line(heads)
        out += line(widths.map { String(repeating: "-", count: $0) })
        for row in cells { out += line(row) }
        return out
    }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }

    /// Takes from the widest columns that may be cut until the line fits; none becomes narrower than six.
    private static func shrink(_ widths: inout [Int], _ isKept: [Bool], to width: Int) {
        while total(widths) > width {
            let open = widths.indices.filter { !isKept[$0] && widths[$0] > 6 }
            guard let widest = open.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }

    /// Each row over as many lines as it needs, cells whole, the name before a cell that does not speak for itself.
    private static func stacked(_ heads: [String], _ cells: [[String]], _ width: Int) -> String {
        var out = ""
        for row in cells {
            var line = ""
            for (column, text) in row.enumerated() where !text.isEmpty {
                let named = column == 0 ? text : "\(heads[column]): \(text)"
                if line.isEmpty {
                    line = named
                } else if TerminalText.width(line) + 2 + TerminalText.width(named) <= width {
                    line += "  " + named
                } else {
                    out += line + "\n"
                    line = "    " + named
                }
            }
            out += line + "\n"
        }
        return out
    }

    private static func trimmedRight(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
