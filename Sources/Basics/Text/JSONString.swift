/// Texts as JSON strings (RFC 8259, section 7), in which nothing is left that a terminal would obey.
///
/// What must be escaped, and every control, format and separating character, is written by its number, which changes
/// nothing of the value. Bytes that need not be UTF-8 are escaped where they are framed.
public enum JSONString {
    /// How a character behind U+FFFF is written by its number.
    public enum Wide: Sendable {
        /// As two of UTF-16, which is what JSON knows.
        case surrogates
        /// As one of eight digits, which is what YAML knows.
        case scalar
    }

    /// The text in quotes.
    public static func quoted(_ text: String, wide: Wide = .surrogates) -> String {
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
                case .control, .format, .lineSeparator, .paragraphSeparator: escape(scalar, wide, into: &out)
                default: out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, _ wide: Wide, into out: inout String) {
        if wide == .scalar, scalar.value > 0xFFFF {
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
