import ArgumentParser
import EventStore
import Findings
import Reports

/// One incident on one screen.
struct IncidentsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an incident: who is concerned, who is not, since when, what was changed before."
    )

    @Argument(help: "The incident's id, or its beginning; with --redact the id of that key's reports.")
    var id: String

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var redaction: RedactionOption

    func run() async throws {
        try await Failure.reporting {
            let opened = try await PlannedAnalysis(analysis, redaction: redaction).open()
            let incidents = opened.incidents
            let found = incidents.filter { $0.id.hasPrefix(id.lowercased()) }
            guard let incident = found.first, found.count == 1 else {
                throw NotFound.incident(id, incidents, analysis.database.shown)
            }
            let findings = opened.redactor?.findings(opened.result.findings) ?? opened.result.findings
            Standard.output(
                IncidentScreen.show(
                    incident,
                    findings.filter { $0.incident == incident.id },
                    width: ScreenOptions.tableWidth,
                    databaseArgument: opened.databaseArgument
                )
            )
        }
    }
}
