import ArgumentParser
import EventStore
import Findings
import Reports

/// Lists what the rules found.
struct FindingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "findings",
        abstract: "List the findings, or compare two nights of them.",
        subcommands: [FindingsList.self, FindingsDiff.self],
        defaultSubcommand: FindingsList.self
    )
}

/// The findings of the whole database.
struct FindingsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the findings (what `findings` alone does).",
        discussion: """
            Examples:
              dpslens findings --db fleet.db
              dpslens findings --format csv -o findings.csv --min-severity medium
              dpslens findings --since -24h --fail-on high --format jsonl

            Next: dpslens device ID, dpslens rules show NAME.
            """
    )

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var registryOptions: RegistryOptions

    @Option(name: .long, help: ArgumentHelp("table, csv, json or jsonl.", valueName: "format"))
    var format = DataFormat.table

    @Flag(name: .long, help: "Leave CSV cells that a spreadsheet would run as they are.")
    var raw = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func run() async throws {
        try await Failure.reporting {
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait)
            let registry = try registryOptions.load()
            let (opened, derived) = try run.perform()
            let result = try await registryOptions.meet(derived, registry, opened, run.rules)
            let findings = try findingOptions.marked(result.findings, run.rules).filter(findingOptions.filter().admits)
            let text =
                format == .table
                ? FindingsScreen.render(findings, skipped: result.skipped, width: ScreenOptions.width)
                : format.render(FindingTable.table(findings), raw: raw)
            try Standard.deliver(text, to: output)
            if findingOptions.failOn.isReached(by: findings) { throw Exit.findings }
        }
    }
}
