/// Text from logs made fit for a terminal: it can neither move the cursor, nor change colours, nor turn the reading
/// direction.
public enum TerminalText {
    /// The text with every control, format and bidirectional character written as `\u{…}`.
    public static func safe(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }

    /// Several lines made fit for a terminal, as `safe` does it; line ends and tabs stay.
    ///
    /// This is the last gate before a terminal: what a screen forgot to make safe is made safe here. A text that was to be
    /// coloured keeps its colour codes, so there a screen's own care counts.
    public static func lines(_ text: String, isColored: Bool = false) -> String {
        func isPlain(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte < 0x7F) || byte == 0x0A || byte == 0x09 }
        if text.utf8.allSatisfy(isPlain) { return text }
        var out = ""
        var rest = text[...]
        while let stop = rest.unicodeScalars.firstIndex(where: { "\n\t\u{1B}".unicodeScalars.contains($0) }) {
            out += safe(String(rest[..<stop]))
            rest = rest[stop...]
            if isColored, let code = colourCode(rest) {
                out += code
                rest = rest[code.endIndex...]
                continue
            }
            let scalar = rest.unicodeScalars.removeFirst()
            out += scalar == "\u{1B}" ? safe("\u{1B}") : String(Character(scalar))
        }
        return out + safe(String(rest))
    }

    /// A colour code as `Style` writes it, at the beginning of a text.
    private static func colourCode(_ text: Substring) -> Substring? {
        let scalars = text.unicodeScalars
        guard text.hasPrefix("\u{1B}["), let end = scalars.prefix(8).firstIndex(of: "m") else { return nil }
        let code = scalars[scalars.index(scalars.startIndex, offsetBy: 2)..<end]
        guard code.allSatisfy({ ("0"..."9").contains($0) || $0 == ";" }) else { return nil }
        return text[..<scalars.index(after: end)]
    }

    /// How many columns a terminal gives the text: two for wide East Asian characters and emoji, none for marks.
    public static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + width($1) }
    }

    /// The text cut to a width, with `…` where something is missing; never in the middle of a character.
    public static func fit(_ text: String, _ columns: Int) -> String {
        if width(text) <= columns { return text }
        if columns < 1 { return "" }
        var out = ""
        var used = 0
        for character in text {
            let next = width(character)
            if used + next > columns - 1 { break }
            out.append(character)
            used += next
        }
        return out + "…"
    }

    /// The text filled up with spaces to a width.
    public static func pad(_ text: String, _ columns: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, columns - width(text)))
        return right ? space + text : text + space
    }

    private static func width(_ character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        // Unicode Standard Annex 11: the blocks that are wide as a whole.
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
