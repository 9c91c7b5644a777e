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
        subcommands: [FindingsList.self, FindingsDiffCommand.self],
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
              dpslens findings --hub hub-east --rule hub-refused --sort -last_seen --limit 20
              dpslens findings --incident 3f9c --columns subject,first_seen,reason --format csv

            Next: dpslens evidence ID, dpslens device ID, dpslens rules show NAME.
            """
    )

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var selection: FindingSelection
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
        help: ArgumentHelp(oneOf: Format.self, valueName: "format")
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
            try selection.check(run.rules)
            let registry = try registryOptions.load()
            if key == nil, registry == nil, canStream {
                try FindingsStream(command: self, run: run, target: target).deliver()
                return
            }
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

    /// Whether the findings can be written while they are read, unless names or a registry have a part in it.
    ///
    /// JUnit counts its cases by rule before the first of them; a screen and Prometheus say something of all.
    private var canStream: Bool {
        selection.sort == nil && selection.columns == nil
            && [.csv, .json, .jsonl, .sarif, .timesketch].contains(format)
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
        let redactor = try Redactor(key, opened, result.findings, result.incidents)
        let shown = try findingOptions.marked(result.findings, run.rules).filter(findingOptions.filter().admits)
        let chosen = selection.chosen(shown, redactor)
        // Ordered without names: the order of the names would tell of them.
        let all = try selection.ordered(redactor?.findings(chosen) ?? chosen)
        let findings = selection.limit > 0 ? Array(all.prefix(selection.limit)) : all
        if findings.count < all.count {
            Standard.error("\(findings.count) of \(all.count) findings shown; --limit 0 shows all\n")
        }
        if let export = format.export, format == .sarif || format == .junit || format == .prometheus {
            let data = try run.reportData(opened, result, options: findingOptions, shown: database.shown, key: key)
            return (.export(Export.render(export, data, findings: findings)), all)
        }
        if selection.columns != nil, format != .timesketch {
            let table = try selection.narrowed(FindingTable.table(findings))
            switch format {
            case .csv: return (.export(TextParts(DataText.csv(table, raw: raw))), all)
            case .json: return (.export(TextParts(DataText.json(table))), all)
            case .jsonl: return (.export(TextParts(DataText.jsonLines(table))), all)
            default: return (.screen(TableText.render(table)), all)
            }
        }
        if let export = format.export, let list = Export.list(export, findings, raw: raw) {
            return (.export(list), all)
        }
        let screen = FindingsScreen.render(
            findings,
            skipped: result.skipped,
            width: ScreenOptions.tableWidth,
            databaseArgument: redactor?.databaseArgument(database.shown) ?? database.shown,
            absence: try findingOptions.absence(opened)
        )
        return (.screen(screen), all)
    }
}
