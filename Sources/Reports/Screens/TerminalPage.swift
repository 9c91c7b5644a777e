import Basics
import Findings

/// The lines of a report on a terminal: a label in its column, and what it labels beside it.
struct TerminalPage {
    let style: Style
    let width: Int
    private(set) var text = ""

    /// Width of the label column.
    static let labelWidth = 12
    /// Below this width a label has a line of its own, and what it labels is indented below it.
    private static let narrow = 60

    init(style: Style, width: Int) { (self.style, self.width) = (style, width) }

    private var isNarrow: Bool { width < Self.narrow }

    /// Columns in front of what stands beside a label.
    var indent: Int { isNarrow ? 4 : Self.labelWidth }

    mutating func line(_ text: String = "") { self.text += text + "\n" }

    mutating func prose(_ text: String) {
        for part in TextWrapping.lines(text, width) { line(part) }
    }

    /// A command on a line of its own, which is never broken: half a command cannot be run.
    mutating func command(_ text: String) {
        line(TerminalText.pad("", indent) + style.dim(TerminalText.safe(text)))
    }

    /// A label and what it labels, wrapped beside the label; on a narrow terminal below it.
    mutating func field(_ name: String, _ value: String, _ severity: Severity? = nil, dim: Bool = false) {
        let padded = TerminalText.pad(name, Self.labelWidth)
        let shown = severity.map { style.severity($0, padded) } ?? style.dim(padded)
        var parts = TextWrapping.lines(TerminalText.safe(value), width - indent - (isNarrow ? 0 : 1))[...]
        if isNarrow {
            if !name.isEmpty { line(severity.map { style.severity($0, name) } ?? style.dim(name)) }
        } else if let first = parts.popFirst() {
            line(
                name.isEmpty
                    ? TerminalText.pad("", indent) + (dim ? style.dim(first) : first)
                    : shown + (padded.hasSuffix(" ") ? "" : " ") + (dim ? style.dim(first) : first)
            )
        }
        for part in parts { line(TerminalText.pad("", indent) + (dim ? style.dim(part) : part)) }
    }
}
