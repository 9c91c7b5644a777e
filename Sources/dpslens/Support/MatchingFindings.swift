import Basics
import EventStore
import Findings
import Reports

/// The findings that `findings` was asked for: counted, and ready to be written.
struct MatchingFindings {
    let database: LogDatabase
    /// How many there are, before `--limit`.
    let count: Int
    /// Whether one of them is at or above `--fail-on`.
    let failsRun: Bool
    let text: Rendered

    /// What is written: a screen for a person, or a text for programs that is made while it is written.
    enum Rendered {
        case screen(String)
        case export(TextParts)
    }

    /// All of them in memory: redacted, sorted or met with a registry as it was asked for.
    static func loaded(_ command: FindingsListCommand, _ plan: PlannedAnalysis) async throws -> MatchingFindings {
        let opened = try await plan.open()
        let redactor = opened.redactor
        let found = opened.result.findings.compactMap(try command.match(plan.rules, redactor))
        // Sorted by the pseudonyms: the order of the real names would leak them.
        let all = try command.selection.ordered(redactor?.findings(found) ?? found)
        let limit = command.selection.limit
        return MatchingFindings(
            database: opened.database,
            count: all.count,
            failsRun: command.findingOptions.failOn.isReached(by: all),
            text: try rendered(limit > 0 ? Array(all.prefix(limit)) : all, command, opened)
        )
    }

    /// Written while they are read from the database, so that their number does not show in the memory.
    ///
    /// They are read twice: first to say how many there are and whether one fails the run.
    static func streamed(_ command: FindingsListCommand, _ plan: PlannedAnalysis) throws -> MatchingFindings {
        let database = try plan.run.openCurrent()
        try plan.check(database)
        let match = try command.match(plan.rules)
        let all: Export.Source = { body in
            try Analysis.forEachFinding(database) { if let finding = match($0) { try body(finding) } }
        }
        var survey = Survey(known: Set(plan.rules.entries.map(\.card.name)), format: command.format.word)
        try all { survey.add($0, failOn: command.findingOptions.failOn) }
        let limit = command.selection.limit
        let shown: Export.Source = { body in
            var left = limit > 0 ? limit : .max
            try all { finding in
                if left == 0 { return }
                left -= 1
                try body(finding)
            }
        }
        let text: TextParts
        if let export = command.format.word.export, let list = Export.list(export, raw: command.cells.raw, shown) {
            text = list
        } else {
            let result = AnalysisResult(findings: [], skipped: try Analysis.skipped(plan.rules, in: database))
            let data = try OpenedAnalysis(plan: plan, database: database, result: result, redactor: nil)
                .reportData(options: command.findingOptions)
            switch command.format.word {
            case .junit:
                text = JUnitExport.render(data, survey.cases) { rules, body in
                    try Analysis.forEachFinding(of: rules, database) {
                        if let finding = match($0) { try body(finding) }
                    }
                }
            case .prometheus:
                survey.counts.incidents = try incidents(command.admitting(plan.rules), database)
                text = TextParts(PrometheusExport.render(data, survey.counts))
            default:
                text = SARIFExport.render(data, samples: survey.samples.values.sorted(by: Finding.precedes), shown)
            }
        }
        return MatchingFindings(
            database: database,
            count: survey.count,
            failsRun: survey.failsRun,
            text: .export(text)
        )
    }

    /// How many incidents have a finding that is admitted, by their worst severity.
    private static func incidents(
        _ admitted: (Finding) -> Finding?,
        _ database: LogDatabase
    ) throws -> [Severity: Int] {
        let severities = try Analysis.incidentSeverities(database)
        var ids = Set<String>()
        try Analysis.forEachFinding(database) { finding in
            if let incident = admitted(finding)?.incident { ids.insert(incident) }
        }
        return Dictionary(grouping: ids.compactMap { severities[$0] }) { $0 }.mapValues(\.count)
    }

    /// What is said of findings before the first of them is written.
    private struct Survey {
        /// The rules that have cards.
        let known: Set<String>
        var count = 0
        var failsRun = false
        /// SARIF lists the rules of all results in front of them; those without a card are described by a finding.
        var samples: [String: Finding] = [:]
        /// For JUnit.
        var cases = JUnitExport.Counts()
        /// For Prometheus.
        var counts = PrometheusExport.Counts()

        private let format: FindingsListCommand.Format

        init(known: Set<String>, format: FindingsListCommand.Format) { (self.known, self.format) = (known, format) }

        mutating func add(_ finding: Finding, failOn: FailLevel) {
            count += 1
            if failOn.isReached(by: finding) { failsRun = true }
            if !known.contains(finding.rule), samples[finding.rule] == nil { samples[finding.rule] = finding }
            switch format {
            case .junit: cases.add(finding)
            case .prometheus: counts.add(finding)
            default: break
            }
        }
    }

    /// The text of findings that are in memory; the numbers of the fleet are read only for the formats that show them.
    private static func rendered(_ findings: [Finding], _ command: FindingsListCommand, _ opened: OpenedAnalysis) throws
        -> Rendered
    {
        let format = command.format.word
        if let export = format.export, format == .sarif || format == .junit || format == .prometheus {
            let data = try opened.reportData(options: command.findingOptions)
            return .export(Export.render(export, data, findings: findings))
        }
        if command.selection.columns != nil, format != .timesketch {
            let table = try command.selection.narrowed(FindingTable.table(findings))
            switch format {
            case .csv: return .export(TextParts(DataText.csv(table, raw: command.cells.raw)))
            case .json: return .export(TextParts(DataText.json(table)))
            case .jsonl: return .export(TextParts(DataText.jsonLines(table)))
            default: return .screen(TableText.render(table))
            }
        }
        if let export = format.export, let list = Export.list(export, findings, raw: command.cells.raw) {
            return .export(list)
        }
        return .screen(
            FindingsScreen.render(
                findings,
                skipped: opened.result.skipped,
                width: ScreenOptions.tableWidth,
                databaseArgument: opened.databaseArgument,
                absence: try command.findingOptions.absence(opened.database)
            )
        )
    }
}
