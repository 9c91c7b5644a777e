public import EventStore

/// Rows as aligned columns for a terminal.
public enum TableText {
    /// Renders a table.
    ///
    /// - Parameters:
    ///   - table: what to show.
    ///   - width: columns of the terminal; nil for as wide as it takes.
    public static func render(_ table: ResultTable, width: Int? = nil) -> String {
        let cells = table.rows.map { $0.map { TerminalText.safe($0.plain) } }
        let numeric = table.columns.indices.map { column in
            table.rows.contains { if case .text = $0[column] { false } else { $0[column] != .null } }
                && !table.rows.contains { if case .text = $0[column] { true } else { false } }
        }
        var widths = table.columns.map { TerminalText.width(TerminalText.safe($0)) }
        for row in cells {
            for (column, text) in row.enumerated() { widths[column] = max(widths[column], TerminalText.width(text)) }
        }
        if let width { shrink(&widths, to: width) }
        func line(_ texts: [String]) -> String {
            let parts = texts.enumerated().map { column, text in
                TerminalText.pad(TerminalText.fit(text, widths[column]), widths[column], right: numeric[column])
            }
            return trimmedRight(parts.joined(separator: "  ")) + "\n"
        }
        var out = line(table.columns.map { TerminalText.safe($0) })
        out += line(widths.map { String(repeating: "-", count: $0) })
        for row in cells { out += line(row) }
        return out
    }

    /// Takes from the widest columns until the line fits; no column becomes narrower than six.
    private static func shrink(_ widths: inout [Int], to width: Int) {
        while widths.reduce(0, +) + 2 * max(0, widths.count - 1) > width {
            guard let widest = widths.indices.max(by: { widths[$0] < widths[$1] }), widths[widest] > 6 else { return }
            widths[widest] -= 1
        }
    }

    private static func trimmedRight(_ text: String) -> String {
        var text = text[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
