import ArgumentParser
import Audit
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
    @OptionGroup var redaction: RedactionOption
    @OptionGroup var registryOptions: RegistryOptions

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
            let target = try OutputTarget(
                output,
                sparing: SparedFile.database(database.path)
                    + Spared.configuration(
                        rules: ruleOptions,
                        findings: findingOptions,
                        registry: registryOptions,
                        redaction: redaction
                    )
            )
            let key = try redaction.key(beside: registryOptions.registry)
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait)
            let registry = try registryOptions.load()
            let (opened, derived) = try run.perform()
            try target.check(output, against: opened)
            let result = try await registryOptions.meet(derived, registry, opened, run.rules)
            let (text, findings) = try render(run, opened, result, key)
            switch text {
            case .screen(let text): try target.deliver(text, isForPeople: true)
            case .export(let parts): try target.deliver(parts)
            }
            if let absence = try findingOptions.absence(opened) {
                Standard.say(absence.text)
                throw Exit.incomplete
            }
            if findingOptions.failOn.isReached(by: findings) { throw Exit.findings }
        }
    }

    /// What is written: a screen for a person, or a text for programs that is made while it is written.
    private enum Rendered {
        case screen(String)
        case export(TextParts)
    }

    /// The text and what it shows; the numbers of the fleet are read only for the formats that tell them.
    private func render(
        _ run: AnalysisRun,
        _ opened: LogDatabase,
        _ result: AnalysisResult,
        _ key: RedactionKey?
    ) throws -> (text: Rendered, findings: [Finding]) {
        if let export = format.export, format == .sarif || format == .junit || format == .prometheus {
            let data = try run.reportData(opened, result, options: findingOptions, shown: database.shown, key: key)
            return (.export(Export.render(export, data, findings: data.findings)), data.findings)
        }
        var findings = try findingOptions.marked(result.findings, run.rules).filter(findingOptions.filter().admits)
        if let redactor = try Redactor(key, opened, result.findings, result.incidents) {
            findings = redactor.findings(findings)
        }
        if let export = format.export, let list = Export.list(export, findings, raw: raw) {
            return (.export(list), findings)
        }
        let screen = FindingsScreen.render(
            findings,
            skipped: result.skipped,
            width: ScreenOptions.width,
            absence: try findingOptions.absence(opened)
        )
        return (.screen(screen), findings)
    }
}
