/// Numbers over time as one line of bars.
enum Sparkline {
    private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// The numbers as bars: a space for 0, so that one stays visible beside thousands.
    static func text(_ values: [Int]) -> String { text(values.map(Optional.some), columns: values.count) }

    /// The same in a number of columns at most, neighbours summed; `·` where there is no number at all.
    static func text(_ values: [Int?], columns: Int) -> String {
        let group = max(1, (values.count + columns - 1) / max(1, columns))
        let sums: [Int?] = stride(from: 0, to: values.count, by: group).map { start in
            let known = values[start..<min(start + group, values.count)].compactMap(\.self)
            return known.isEmpty ? nil : known.reduce(0, +)
        }
        let most = max(1, sums.compactMap(\.self).max() ?? 1)
        return String(
            sums.map { value in
                guard let value else { return "·" }
                return value == 0 ? " " : bars[min(7, (value * 8 - 1) / most)]
            }
        )
    }
}

/// Whole sentences of a text.
enum Sentences {
    /// As many of the first sentences as fit; the first one always, whole, and `(…)` where some are left out.
    static func fitting(_ text: String, _ columns: Int) -> String {
        if text.count <= columns { return text }
        var out = ""
        var sentence = ""
        for (character, next) in zip(text, text.dropFirst() + " ") {
            sentence.append(character)
            guard ".;!?".contains(character), next == " " else { continue }
            if !out.isEmpty, out.count + sentence.count > columns { break }
            out += sentence
            sentence = ""
        }
        if out.isEmpty { return text }
        if out.hasSuffix(";") { out = out.dropLast() + "." }
        return out + " (…)"
    }
}
