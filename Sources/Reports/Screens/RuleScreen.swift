public import Findings

/// A rule's card for a terminal.
public enum RuleScreen {
    /// Renders a card.
    public static func render(_ card: RuleCard, sql: Bool, width: Int) -> String {
        var out = "\(card.name): \(card.title)\n"
        out +=
            "severity \(card.severity.rawValue), about a \(card.subjectKind), needs \(card.needs.joined(separator: " and ")) logs\n"
        if !card.parameters.isEmpty {
            out += "\nvalues in force\n"
            for parameter in card.parameters {
                out += "  \(parameter.name) = \(parameter.value)  \(parameter.meaning)\n"
            }
        }
        for (key, title) in [
            ("why", "why it matters"), ("causes", "likely causes"), ("fix", "fix"),
            ("not this", "looks alike but is not"),
            ("references", "references"),
        ] {
            out += "\n\(title)\n"
            for line in TerminalReport.wrap(card.texts[key] ?? "", width - 2) { out += "  \(line)\n" }
        }
        if sql { out += "\n" + card.sql + "\n" }
        return out
    }
}
