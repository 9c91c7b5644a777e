import ArgumentParser
import EventStore
import Findings
import Reports

/// Looks at rules and tries them.
struct RulesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List, show, check, test and render the rules.",
        subcommands: [List.self, Show.self, Lint.self, Test.self, RulesRender.self]
    )

    /// The rules with their severities and titles.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the rules, then the checks that need a registry."
        )

        @OptionGroup var ruleOptions: RuleOptions

        @Option(name: .long, help: ArgumentHelp(oneOf: DataFormat.self, valueName: "format"))
        var format = DataFormat.table

        func run() async throws {
            try await Failure.reporting {
                let cards = try ruleOptions.load().entries.map(\.card) + RegistryChecks.cards
                let rows: [[Cell]] = cards.map { card in
                    [
                        .text(card.name), .text(card.severity.rawValue), .text(card.subjectKind), .text(card.title),
                        .text(card.needs.joined(separator: ", ")),
                    ]
                }
                format.put(
                    ResultTable(columns: ["rule", "severity", "subject", "title", "needs"], rows: rows),
                    raw: false
                )
            }
        }
    }

    /// One rule's card with the values in force.
    struct Show: AsyncParsableCommand {
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

    /// Checks rule files without running them.
    struct Lint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "lint",
            abstract: "Check rules: card, parameters, cases, SQL. Exit 4 if one fails."
        )

        @OptionGroup var ruleOptions: RuleOptions

        func run() async throws {
            try await Failure.reporting {
                var failed = false
                let entries = try ruleOptions.load().entries
                for entry in entries {
                    for problem in RuleLint.problems(entry) {
                        failed = true
                        Standard.output("\(entry.file): \(problem)\n")
                    }
                }
                if failed { throw Exit.invalid }
                Standard.output("\(entries.count) rules, no problems\n")
            }
        }
    }

    /// Runs the cases beside the rules, or the rules over the past of a fleet.
    struct Test: AsyncParsableCommand {
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
                    let outcomes: [RuleTester.Outcome]
                    do {
                        outcomes = try await tester.run(entry)
                    } catch let error as RuleError {
                        throw InvalidInput(error.description)
                    }
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
}
