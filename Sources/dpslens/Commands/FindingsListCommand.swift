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

    @OptionGroup var cells: CellOption
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis, output: output, findings: findingOptions, redaction: redaction)
            try selection.check(plan.rules)
            let found =
                canStream && plan.key == nil && analysis.registry.registry == nil
                ? try MatchingFindings.streamed(self, plan) : try await MatchingFindings.loaded(self, plan)
            if selection.limit > 0, selection.limit < found.count {
                Standard.error("\(selection.limit) of \(found.count) findings shown; --limit 0 shows all\n")
            }
            switch found.text {
            case .screen(let text): try plan.target.deliver(text, isForPeople: true)
            case .export(let parts): try plan.target.deliver(parts)
            }
            if let absence = try findingOptions.absence(found.database) {
                Standard.say(absence.text)
                throw Exit.incomplete
            }
            if found.failsRun { throw Exit.findings }
        }
    }

    /// Whether the format and the order let each finding be written before the next one is read.
    ///
    /// JUnit counts its cases by rule before the first of them; a screen and Prometheus say something of all.
    private var canStream: Bool {
        if selection.sort != nil || selection.columns != nil { return false }
        return switch format.word {
        case .csv, .json, .jsonl, .sarif, .timesketch: true
        // What is left out by `--limit` is counted in neither.
        case .junit, .prometheus: selection.limit == 0
        default: false
        }
    }

    /// The finding as it is listed, marked where a suppression covers it; nil if it was not asked for.
    func match(_ rules: RuleSet, _ redactor: Redactor? = nil) throws -> (Finding) -> Finding? {
        let admitted = try admitting(rules)
        let isChosen = selection.choice(redactor)
        return { made in admitted(made).flatMap { isChosen($0) ? $0 : nil } }
    }

    /// The same of findings that incidents are counted by: all of the time and the severity that were asked for.
    func admitting(_ rules: RuleSet) throws -> (Finding) -> Finding? {
        let mark = try findingOptions.mark(rules)
        let filter = findingOptions.filter()
        return { made in
            let finding = mark(made)
            return filter.admits(finding) ? finding : nil
        }
    }
}
