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
              dpslens findings --format sarif -o findings.sarif

            Next: dpslens device ID, dpslens rules show NAME.
            """
    )

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions

    /// The formats of a list of findings.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case csv
        case json
        case jsonl
        case sarif
        case junit
        case prometheus
        case timesketch

        /// The same as an export; nil for the table, which is for a terminal.
        var export: ExportFormat? {
            switch self {
            case .table: nil
            case .csv: .csv
            case .json: .json
            case .jsonl: .jsonl
            case .sarif: .sarif
            case .junit: .junit
            case .prometheus: .prometheus
            case .timesketch: .timesketch
            }
        }
    }

    @Option(
        name: .long,
        help: ArgumentHelp("table, csv, json, jsonl, sarif, junit, prometheus or timesketch.", valueName: "format")
    )
    var format = Format.table

    @Flag(name: .long, help: "Leave CSV cells that a spreadsheet would run as they are.")
    var raw = false

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func run() async throws {
        try await Failure.reporting {
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait)
            let (opened, result) = try run.perform()
            let data = try run.reportData(opened, result, options: findingOptions, shown: database.shown)
            let findings = data.findings
            let text =
                format.export.map { Export.render($0, data, findings: findings, raw: raw) }
                ?? FindingsScreen.render(findings, skipped: data.skipped, width: ScreenOptions.width)
            try Standard.deliver(text, to: output)
            if findingOptions.failOn.isReached(by: findings) { throw Exit.findings }
        }
    }
}
