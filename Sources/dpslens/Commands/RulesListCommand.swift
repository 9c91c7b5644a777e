import ArgumentParser
import EventStore
import Findings
import Reports

/// The rules with their severities and titles.
struct RulesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rules, then the checks that need a registry."
    )

    @OptionGroup var ruleOptions: RuleOptions

    @OptionGroup var format: FormatOption<DataFormat>

    func run() async throws {
        try await Failure.reporting {
            let cards = try ruleOptions.load().entries.map(\.card) + RegistryChecks.cards
            let rows: [[Cell]] = cards.map { card in
                [
                    .text(card.name), .text(card.severity.rawValue), .text(card.subjectKind), .text(card.title),
                    .text(card.needs.joined(separator: ", ")),
                ]
            }
            format.word.put(
                ResultTable(columns: ["rule", "severity", "subject", "title", "needs"], rows: rows),
                raw: false
            )
        }
    }
}
