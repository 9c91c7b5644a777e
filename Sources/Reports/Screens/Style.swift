import Findings

/// Colours of a terminal, or none.
///
/// Colour is never the only sign: the word stands beside it.
public struct Style: Sendable {
    private let isColored: Bool

    /// A style with or without colours.
    public init(color: Bool) { isColored = color }

    func bold(_ text: String) -> String { wrap(text, "1") }

    func dim(_ text: String) -> String { wrap(text, "2") }

    func severity(_ severity: Severity, _ text: String) -> String {
        switch severity {
        case .critical: wrap(text, "1;31")
        case .high: wrap(text, "31")
        case .medium: wrap(text, "33")
        case .low: wrap(text, "36")
        case .informational: wrap(text, "2")
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
