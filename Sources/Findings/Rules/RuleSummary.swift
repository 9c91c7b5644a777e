/// A card's sentence with values in its places.
enum RuleSummary {
    /// Nouns that cards count; behind the number 1 they lose their `s`.
    private static let counted: Set<Substring> = [
        "attempts", "cases", "connections", "contacts", "days", "devices", "errors", "failures", "files", "groups",
        "hours", "hubs", "minutes", "networks", "operations", "records", "registrations", "seconds", "times",
    ]

    /// Puts values in the places of `{name}`: `{occurrences} times` is `1 time` of one.
    ///
    /// - Throws: what `value` throws.
    static func filled(_ template: String, _ value: (String) throws -> String) rethrows -> String {
        var out = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            // A number that goes on from what stands before it, as in `v0.{n}`, counts nothing.
            let isAlone = out.last.map { " (:,;".contains($0) } ?? true
            let text = try value(String(rest[rest.index(after: open)..<close]))
            out += text
            rest = rest[rest.index(after: close)...]
            guard isAlone, text == "1", rest.first == " " else { continue }
            let word = rest.dropFirst().prefix { $0.isLetter }
            guard counted.contains(word) else { continue }
            out += " " + word.dropLast()
            rest = rest[word.endIndex...]
        }
        return out + rest
    }
}
