import ArgumentParser
import Audit
import Basics
import Correlation
import EventStore
import Findings
import LogIngest
import Reports

/// The main job in one command.
struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze",
        abstract: "Read logs, join them device by device, run the rules, and print the report.",
        discussion: """
            Examples:
              dpslens analyze exports/
              dpslens analyze exports/ --db fleet.db --fail-on high
              dpslens analyze samples/hub-migration

            The database is kept, so that the same files cost nothing the next time and other commands can ask it.
            Exit: 0 done, 1 findings at --fail-on, 2 incomplete, 3 failed, 4 invalid rules, 5 locked, 64 usage.
            """
    )

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var paths: [String]

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption
    @OptionGroup var format: FormatOption<ReportCommand.Format>
    @OptionGroup var output: OutputOption
    @OptionGroup var accounting: AccountingOptions

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(
                analysis,
                output: output,
                inputs: paths,
                findings: findingOptions,
                redaction: redaction,
                quiet: screen.quiet
            )
            let registry = try analysis.registry.load()
            let ingested = try await IngestRun(
                paths: paths,
                database: analysis.database.path,
                reading: reading,
                quiet: screen.quiet,
                wait: analysis.lock.seconds,
                isAnalysed: true,
                isDefaultDatabase: analysis.database.isDefault
            ).perform()
            let derived = try plan.run.refresh(ingested.database, sweep: ingested.sweep)
            let opened = try await plan.opened(ingested.database, derived, registry)
            var data = try opened.reportData(
                options: findingOptions,
                charts: format.word.charts,
                details: format.word == .html
            )
            // What was asked about is what was named: an older content of the database does not stand in for it.
            // The note names hubs and instances; without names its fact is what is left.
            data.notes = plan.key == nil ? ingested.notes : ingested.notes.map { _ in FleetNames.withoutNames }
            if data.absence == nil { data.absence = RecordAbsence.of(ingested.report) }
            if accounting.json {
                try plan.target.deliver(Accounting.json(ingested.report), isForPeople: false)
                if let absence = data.absence { Standard.say(absence.text) }
            } else {
                try format.word.deliver(data, to: plan.target, screen)
                if !screen.quiet { Standard.error(Accounting.line(ingested.report)) }
            }
            if data.absence != nil { throw Exit.incomplete }
            if accounting.isIncomplete(ingested.report) { throw Exit.incomplete }
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}
