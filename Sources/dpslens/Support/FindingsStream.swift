import Basics
import EventStore
import Findings
import Reports

/// Findings that are written while they are read from the database, so that their number does not show in the memory.
///
/// They are read twice: to say before the first how many there are, and whether one fails the run.
struct FindingsStream {
    let command: FindingsListCommand
    let plan: PlannedAnalysis

    /// Writes all of them.
    ///
    /// - Throws: `ExitCode` as the command does; `OutputError`, `StoreError`, `InvalidInput`.
    func deliver() throws {
        let opened = try plan.run.prepare()
        try plan.check(opened)
        let mark = try command.findingOptions.mark(plan.rules)
        let filter = command.findingOptions.filter()
        let isChosen = command.selection.choice()
        let all: Export.Source = { body in
            try Analysis.forEachFinding(opened) { made in
                let finding = mark(made)
                if filter.admits(finding), isChosen(finding) { try body(finding) }
            }
        }
        let known = Set(plan.rules.entries.map(\.card.name))
        var (count, isFailure) = (0, false)
        var samples: [String: Finding] = [:]
        try all { finding in
            count += 1
            if command.findingOptions.failOn.isReached(by: finding) { isFailure = true }
            if !known.contains(finding.rule), samples[finding.rule] == nil { samples[finding.rule] = finding }
        }
        let limit = command.selection.limit
        if limit > 0, limit < count {
            Standard.error("\(limit) of \(count) findings shown; --limit 0 shows all\n")
        }
        let shown: Export.Source = { body in
            var left = limit > 0 ? limit : .max
            try all { finding in
                if left == 0 { return }
                left -= 1
                try body(finding)
            }
        }
        try plan.target.deliver(try text(opened, samples.values.sorted(by: Finding.precedes), shown))
        if let absence = try command.findingOptions.absence(opened) {
            Standard.say(absence.text)
            throw Exit.incomplete
        }
        if isFailure { throw Exit.findings }
    }

    private func text(_ opened: LogDatabase, _ samples: [Finding], _ source: @escaping Export.Source) throws
        -> TextParts
    {
        if let export = command.format.word.export, let list = Export.list(export, raw: command.raw, source) {
            return list
        }
        let result = AnalysisResult(findings: [], skipped: try Analysis.skipped(plan.rules, in: opened))
        let data = try OpenedAnalysis(plan: plan, database: opened, result: result, redactor: nil)
            .reportData(options: command.findingOptions)
        return SARIFExport.render(data, samples: samples, source)
    }
}
