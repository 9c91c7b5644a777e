/// Texts as JSON strings (RFC 8259, section 7), in which nothing is left that a terminal would obey.
///
/// What must be escaped, and every control, format and separating character, is written by its number, which changes
/// nothing of the value. Bytes that need not be UTF-8 are escaped where they are framed.
public enum JSONString {
    /// The text in quotes.
    public static func quoted(_ text: String) -> String { quoted(text, isYAML: false) }

    /// The text in quotes as YAML reads it, which knows numbers of eight digits and no pairs of UTF-16.
    public static func quotedForYAML(_ text: String) -> String { quoted(text, isYAML: true) }

    private static func quoted(_ text: String, isYAML: Bool) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case " "..<"\u{7F}": out.unicodeScalars.append(scalar)
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: escape(scalar, isYAML, into: &out)
                default: out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, _ isYAML: Bool, into out: inout String) {
        if isYAML, scalar.value > 0xFFFF {
            out += "\\U" + digits(scalar.value, 8)
        } else {
            for unit in String(Character(scalar)).utf16 { out += "\\u" + digits(UInt32(unit), 4) }
        }
    }

    private static func digits(_ value: UInt32, _ width: Int) -> String {
        let hex = String(value, radix: 16)
        return String(repeating: "0", count: width - hex.count) + hex
    }
}
