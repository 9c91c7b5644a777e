public import Findings

/// A rule's card for a terminal.
public enum RuleScreen {
    private static func needs(_ card: RuleCard) -> String {
        let logs = card.needs.filter { $0 != "registry" }.joined(separator: " and ")
        guard card.needs.contains("registry") else { return logs + " logs" }
        return "a registry (--registry)" + (logs.isEmpty ? "" : " and \(logs) logs")
    }

    /// Renders a card.
    public static func render(_ card: RuleCard, sql: Bool, width: Int) -> String {
        var out = "\(card.name): \(card.title)\n"
        out +=
            "severity \(card.severity.rawValue), about a \(card.subjectKind), needs \(needs(card))\n"
        if !card.parameters.isEmpty {
            out += "\nvalues in force\n"
            for parameter in card.parameters {
                out += "  \(parameter.name) = \(parameter.value)  \(parameter.meaning)\n"
            }
        }
        for (key, title) in [
            ("why", "why it matters"), ("causes", "likely causes"), ("fix", "fix"),
            ("not this", "looks alike but is not"), ("not checked", "not checked"), ("references", "references"),
        ] where card.texts[key] != nil {
            out += "\n\(title)\n"
            for line in TextWrapping.lines(card.texts[key] ?? "", width - 2) { out += "  \(line)\n" }
        }
        if sql { out += "\n" + card.sql + "\n" }
        return out
    }
}
