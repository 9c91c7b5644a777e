/// Writes HTML and XML.
///
/// Names of elements and attributes are literals of this program, and every other text is escaped on its way in: text from
/// logs can neither open an element, nor leave an attribute, nor turn the reading direction.
struct Markup: Sendable {
    /// What was written.
    private(set) var text = ""

    /// A literal of this program, as it is.
    mutating func raw(_ literal: StaticString) { text += "\(literal)" }

    /// A text.
    mutating func put(_ content: String) { text += Self.escape(content) }

    /// An element with what `body` writes.
    mutating func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ body: (inout Markup) -> Void
    ) {
        tag(name, attributes)
        body(&self)
        text += "</\(name)>"
    }

    /// The beginning of an element whose end comes later (`end`).
    mutating func begin(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]) {
        tag(name, attributes)
    }

    /// The end of an element.
    mutating func end(_ name: StaticString) { text += "</\(name)>" }

    /// What was written since it was last taken, for whoever writes part by part.
    mutating func taken() -> String {
        defer { text = "" }
        return text
    }

    /// An element with a text.
    mutating func element(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ content: String
    ) {
        tag(name, attributes)
        put(content)
        text += "</\(name)>"
    }

    /// An element with a text and no attributes.
    mutating func element(_ name: StaticString, _ content: String) { element(name, [:], content) }

    /// An element without content, in the form that HTML and XML share.
    mutating func empty(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]) {
        tag(name, attributes, end: "/>")
    }

    private mutating func tag(
        _ name: StaticString,
        _ attributes: KeyValuePairs<StaticString, String>,
        end: String = ">"
    ) {
        text += "<\(name)"
        for (key, value) in attributes { text += " \(key)=\"\(Self.escape(value))\"" }
        text += end
    }

    /// The text as content or as a quoted attribute.
    ///
    /// Controls, also those that XML 1.0 does not allow, format and bidirectional characters are written as `\u{…}`.
    static func escape(_ content: String) -> String {
        let safe = TerminalText.safe(content)
        let special: (UInt8) -> Bool = { [0x26, 0x3C, 0x3E, 0x22, 0x27].contains($0) }
        guard safe.utf8.contains(where: special) else { return safe }
        var out = ""
        for scalar in safe.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
