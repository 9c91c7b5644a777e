import ArgumentParser
import Basics
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
              dpslens ingest exports/ --part 0/4 --db part-0.db

            Reading the same files again costs a hash each; a grown file adds what is new.
            Next: dpslens findings, dpslens report.
            """
    )

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var paths: [String]

    @OptionGroup var database: DatabaseOption
    @OptionGroup var lock: LockOption
    @OptionGroup var reading: ReadingOptions
    @OptionGroup var partOptions: PartOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var accounting: AccountingOptions

    @Flag(name: .long, help: "Standard input says where each record stands: path TAB line TAB record.")
    var placed = false

    func validate() throws {
        if placed, paths != ["-"] { throw ValidationError("--placed reads standard input alone: give -.") }
    }

    func run() async throws {
        try await Failure.reporting {
            let report = try await read()
            accounting.json ? Standard.data(Accounting.json(report)) : Standard.output(Accounting.line(report))
            if accounting.isIncomplete(report) { throw Exit.incomplete }
        }
    }

    private func read() async throws -> IngestReport {
        guard let part = try partOptions.part() else {
            return try await read(into: database.path, isDefault: database.isDefault).report
        }
        let held = try DatabaseLock(
            for: database.path,
            owner: "dpslens ingest",
            now: TimeArgument.now(),
            waiting: lock.seconds
        )
        defer { withExtendedLifetime(held) {} }
        let opened = try LogDatabase.open(database.path)
        try PartMark.check(opened, is: part)
        var links = try partOptions.links.links()
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        // All of it is read, since what could not be, exports and the hours of the logs concern every part.
        let whole = folder.path + "/whole.db"
        let outcome = try await read(into: whole, isDefault: false)
        try links.add(outcome.database)
        try EventUnion.take(whole, part: part, links: links, into: opened)
        return outcome.report
    }

    private func read(into whole: String, isDefault: Bool) async throws -> IngestRun.Outcome {
        let spool = try placed ? TemporaryFolder() : nil
        defer { spool?.remove() }
        var (paths, name) = (paths, nil as (@Sendable (String) -> String)?)
        if let spool {
            var lines = InputLines()
            let records = try PlacedRecords(in: spool.path) { try lines.next() }
            let names = records.paths
            paths = records.files
            name = { names[$0] ?? $0 }
        }
        return try await IngestRun(
            paths: paths,
            database: whole,
            reading: reading,
            quiet: screen.quiet,
            wait: lock.seconds,
            isDefaultDatabase: isDefault,
            name: name
        ).perform()
    }
}
