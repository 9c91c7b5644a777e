import ArgumentParser
import EventStore
import Findings
import Reports

/// All incidents, worst first.
struct IncidentsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the incidents, worst first."
    )

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var redaction: RedactionOption
    @OptionGroup var format: FormatOption<DataFormat>
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis, output: output, redaction: redaction)
            let opened = try await plan.open()
            let absence = try RecordAbsence.of(opened.database)
            let text =
                format.word == .table
                ? IncidentScreen.list(
                    opened.incidents,
                    width: ScreenOptions.tableWidth,
                    databaseArgument: opened.databaseArgument,
                    absence: absence
                )
                : format.word.render(IncidentTable.table(opened.incidents), raw: false)
            try plan.target.deliver(text, isForPeople: format.word == .table)
            if let absence {
                Standard.say(absence.text)
                throw Exit.incomplete
            }
        }
    }
}
