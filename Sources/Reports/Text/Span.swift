/// Lengths of time in words.
enum Span {
    /// A span in microseconds, with its two largest units.
    static func text(_ microseconds: Int64) -> String {
        let seconds = abs(microseconds) / 1_000_000
        let sign = microseconds < 0 ? "-" : ""
        switch seconds {
        case 0: return "\(sign)\(abs(microseconds) / 1000) ms"
        case 1..<60: return "\(sign)\(seconds) s"
        case 60..<3600: return sign + units(seconds / 60, "min", seconds % 60, "s")
        case 3600..<86400: return sign + units(seconds / 3600, "h", seconds / 60 % 60, "min")
        default: return sign + units(seconds / 86400, "d", seconds / 3600 % 24, "h")
        }
    }

    /// Two units, without the second if there is none of it.
    private static func units(_ many: Int64, _ large: String, _ rest: Int64, _ small: String) -> String {
        rest == 0 ? "\(many) \(large)" : "\(many) \(large) \(rest) \(small)"
    }
}

/// Words for a shell.
public enum Shell {
    /// The word in single quotes if a shell would read it in another way.
    public static func quoted(_ word: String) -> String {
        let safe = word.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "-_.:/".unicodeScalars.contains(scalar)
        }
        if safe && !word.isEmpty { return word }
        return "'"
            + TerminalText.safe(word).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
