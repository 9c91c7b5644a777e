import ArgumentParser
import EventStore
import Findings
import Reports

/// One rule's card with the values in force.
struct RulesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a rule: why it matters, causes, fix, what looks alike."
    )

    @Argument(help: "The rule's name.")
    var name: String

    @OptionGroup var ruleOptions: RuleOptions

    @Flag(name: .long, help: "Show the SELECT as well.")
    var sql = false

    func run() async throws {
        try await Failure.reporting {
            let rules = try ruleOptions.load()
            guard let card = rules.entry(name)?.card ?? RegistryChecks.card(name) else {
                throw NotFound.rule(name, rules)
            }
            Standard.output(RuleScreen.render(card, sql: sql, width: ScreenOptions.width))
        }
    }
}
