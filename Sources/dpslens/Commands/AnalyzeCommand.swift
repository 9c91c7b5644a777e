import ArgumentParser
import Audit
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

    @OptionGroup var database: DatabaseOption

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var registryOptions: RegistryOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption

    @Option(name: .long, help: ArgumentHelp(oneOf: ReportCommand.Format.self, valueName: "format"))
    var format = ReportCommand.Format.text

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Flag(name: .long, help: "Print the accounting as one JSON object instead of the report.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("Exit 2 when more than this share of records is rejected.", valueName: "percent")
    )
    var maxRejectRate: Double?

    func run() async throws {
        try await Failure.reporting {
            let target = try OutputTarget(
                output,
                sparing: SparedFile.database(database.path) + Spared.inputs(InputFiles.list(paths))
                    + Spared.configuration(
                        rules: ruleOptions,
                        findings: findingOptions,
                        registry: registryOptions,
                        redaction: redaction
                    )
            )
            let rules = try ruleOptions.load()
            let key = try redaction.key(beside: registryOptions.registry)
            let registry = try registryOptions.load()
            let path = database.path
            let ingested = try await IngestRun(
                paths: paths,
                database: path,
                reading: reading,
                quiet: screen.quiet,
                isAnalysed: true,
                isDefaultDatabase: self.database.isDefault
            ).perform()
            let run = AnalysisRun(path: path, rules: rules, wait: reading.wait, quiet: screen.quiet)
            let derived = try run.refresh(ingested.database, sweep: ingested.sweep)
            let result = try await registryOptions.meet(derived, registry, ingested.database, rules)
            var data = try run.reportData(
                ingested.database,
                result,
                options: findingOptions,
                shown: database.shown,
                key: key,
                charts: format == .html || format == .json ? .full : .sparse,
                details: format == .html
            )
            // What was asked about is what was named: an older content of the database does not stand in for it.
            // The note names hubs and instances; without names its fact is what is left.
            data.notes = key == nil ? ingested.notes : ingested.notes.map { _ in FleetNames.withoutNames }
            if data.absence == nil { data.absence = RecordAbsence.of(ingested.report) }
            if json {
                try target.deliver(Accounting.json(ingested.report), isForPeople: false)
                if let absence = data.absence { Standard.say(absence.text) }
            } else {
                try format.deliver(data, to: target, screen)
                if !screen.quiet { Standard.error(Accounting.line(ingested.report)) }
            }
            if data.absence != nil { throw Exit.incomplete }
            if Accounting.isIncomplete(ingested.report, maxRejectRate: maxRejectRate) { throw Exit.incomplete }
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}
