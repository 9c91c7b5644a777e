/// Lengths of time as people write and read them.
public enum TimeSpan {
    /// Microseconds of a number with a unit: s, m, h, d or w; nil for anything else.
    public static func microseconds(_ text: String) -> Int64? {
        let factors: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let unit = text.last, let factor = factors[unit], let number = Int64(text.dropLast()), number >= 0,
            number < 1_000_000
        else { return nil }
        return number * factor * Microseconds.second
    }

    /// A span in microseconds, with its two largest units.
    public static func text(_ microseconds: Int64) -> String {
        let seconds = abs(microseconds) / Microseconds.second
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
