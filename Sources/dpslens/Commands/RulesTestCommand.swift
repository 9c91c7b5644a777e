import ArgumentParser
import EventStore
import Findings
import Reports

/// Runs the cases beside the rules, or the rules over the past of a fleet.
struct RulesTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the cases beside the rules, or try the rules on a database. Exit 4 if a case fails.",
        discussion: """
            Examples:
              dpslens rules test
              dpslens rules test --rules ./ours
              dpslens rules test silent-device --against-db --since 30d --db fleet.db
            """
    )

    @Argument(help: "Names of rules; all if none is given.")
    var names: [String] = []

    @OptionGroup var ruleOptions: RuleOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Leave the records of each case in a folder, as RULE.NUMBER.json.", valueName: "folder")
    )
    var keep: String?

    @Flag(name: .long, help: "Say what the rules would have said each night of the past.")
    var againstDb = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup var backtest: BacktestOptions

    func run() async throws {
        try await Failure.reporting {
            let rules = try ruleOptions.load()
            for name in names where rules.entry(name) == nil {
                throw NotFound.rule(name, rules)
            }
            if againstDb { return try backtest.run(rules, names, database) }
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let tester = RuleTester(folder: folder.path, limits: rules.limits, keep: keep)
            var passed = 0
            var failed = 0
            for entry in rules.entries where names.isEmpty || names.contains(entry.card.name) {
                let outcomes = try await tester.run(entry)
                passed += outcomes.count { $0.problems.isEmpty }
                for outcome in outcomes where !outcome.problems.isEmpty {
                    failed += 1
                    Standard.output(
                        "\(outcome.rule): \(outcome.name): \(outcome.problems.joined(separator: "; "))\n"
                    )
                }
            }
            Standard.output("\(passed) passed, \(failed) failed\n")
            if failed > 0 { throw Exit.invalid }
        }
    }
}
