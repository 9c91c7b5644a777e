/// Makes received text fit to show: short, on one line, without control characters.
enum Shown {
    /// At most 160 scalars; control characters become `\u{..}`, so that a stray line end is seen.
    static func short(_ text: String) -> String {
        var result = ""
        for (place, scalar) in text.unicodeScalars.prefix(161).enumerated() {
            if place == 160 {
                result += "…"
            } else if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
