import ArgumentParser
import EventStore
import LogIngest
import Reports

/// Brings logs into a database.
struct IngestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Read logs and exports into a database.",
        discussion: """
            Examples:
              dpslens ingest exports/ --db fleet.db
              dpslens ingest 'insights-logs-*/**/PT1H.json' dps-registrations.json
              zcat today.json.gz | dpslens ingest - --db fleet.db

            Reading the same files again costs a hash each; a grown file adds what is new.
            Next: dpslens findings, dpslens report.
            """
    )

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var paths: [String]

    @OptionGroup var database: DatabaseOption
    @OptionGroup var lock: LockOption
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var screen: ScreenOptions

    @Flag(name: .long, help: "Print the accounting as one JSON object.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("Exit 2 when more than this share of records is rejected.", valueName: "percent")
    )
    var maxRejectRate: Double?

    func run() async throws {
        try await Failure.reporting {
            let report = try await IngestRun(
                paths: paths,
                database: database.path,
                reading: reading,
                quiet: screen.quiet,
                wait: lock.seconds,
                isDefaultDatabase: database.isDefault
            ).perform().report
            json ? Standard.data(Accounting.json(report)) : Standard.output(Accounting.line(report))
            if Accounting.isIncomplete(report, maxRejectRate: maxRejectRate) { throw Exit.incomplete }
        }
    }
}
