import ArgumentParser
import Basics
import EventStore
import Findings
import Reports

/// The findings of the whole database.
struct FindingsListCommand: AsyncParsableCommand {
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

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var selection: FindingSelection
    @OptionGroup var redaction: RedactionOption

    /// The formats of a list of findings.
    enum Format: String, FormatWord {
        case table
        case csv
        case json
        case jsonl
        case sarif
        case junit
        case prometheus
        case timesketch

        static let standard = table

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

    @OptionGroup var format: FormatOption<Format>

    @Flag(name: .long, help: "Leave CSV cells that a spreadsheet would run as they are.")
    var raw = false
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis, output: output, findings: findingOptions, redaction: redaction)
            try selection.check(plan.rules)
            if plan.key == nil, analysis.registry.registry == nil, canStream {
                try FindingsStream(command: self, plan: plan).deliver()
                return
            }
            let opened = try await plan.open()
            let (text, findings) = try render(opened)
            switch text {
            case .screen(let text): try plan.target.deliver(text, isForPeople: true)
            case .export(let parts): try plan.target.deliver(parts)
            }
            if let absence = try findingOptions.absence(opened.database) {
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
            && [.csv, .json, .jsonl, .sarif, .timesketch].contains(format.word)
    }

    /// What is written: a screen for a person, or a text for programs that is made while it is written.
    private enum Rendered {
        case screen(String)
        case export(TextParts)
    }

    /// The text and what it shows; the numbers of the fleet are read only for the formats that tell them.
    private func render(_ opened: OpenedAnalysis) throws -> (text: Rendered, findings: [Finding]) {
        let redactor = opened.redactor
        let marked = try findingOptions.marked(opened.result.findings, opened.plan.rules)
        let shown = marked.filter(findingOptions.filter().admits)
        let chosen = selection.chosen(shown, redactor)
        // Ordered without names: the order of the names would tell of them.
        let all = try selection.ordered(redactor?.findings(chosen) ?? chosen)
        let findings = selection.limit > 0 ? Array(all.prefix(selection.limit)) : all
        if findings.count < all.count {
            Standard.error("\(findings.count) of \(all.count) findings shown; --limit 0 shows all\n")
        }
        let format = format.word
        if let export = format.export, format == .sarif || format == .junit || format == .prometheus {
            let data = try opened.reportData(options: findingOptions)
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
            skipped: opened.result.skipped,
            width: ScreenOptions.tableWidth,
            databaseArgument: opened.databaseArgument,
            absence: try findingOptions.absence(opened.database)
        )
        return (.screen(screen), all)
    }
}
