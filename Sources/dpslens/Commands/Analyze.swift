import ArgumentParser
import EventStore
import Findings
import Glibc
import Reports

/// The main job in one command.
struct Analyze: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read logs, join them device by device, run the rules, and print the report.",
        discussion: """
            Examples:
              dpslens analyze exports/
              dpslens analyze exports/ --db fleet.db --fail-on high
              dpslens analyze samples/hub-migration

            Without --db the database is a temporary one and is removed at the end.
            Exit: 0 done, 1 findings at --fail-on, 2 incomplete, 3 failed, 4 invalid rules, 5 locked, 64 usage.
            """
    )

    @Argument(help: "Files, folders, patterns, or - for standard input.")
    var paths: [String]

    @Option(name: .long, help: ArgumentHelp("Keep the database in this file.", valueName: "file"))
    var db: String?

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var screen: ScreenOptions

    @Flag(name: .long, help: "Print the accounting as one JSON object instead of the report.")
    var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("Exit 2 when more than this share of records is rejected.", valueName: "percent")
    )
    var maxRejectRate: Double?

    func run() async throws {
        try await Failure.reporting {
            let rules = try ruleOptions.load()
            let folder = db == nil ? try TemporaryFolder() : nil
            defer { folder?.remove() }
            let path = db ?? (folder.map { $0.path + "/dpslens.db" } ?? "dpslens.db")
            let ingested = try await IngestRun(paths: paths, database: path, reading: reading, quiet: screen.quiet)
                .perform()
            let run = AnalysisRun(path: path, rules: rules, wait: reading.wait)
            let result = try run.refresh(ingested.database)
            let shown = db.map { " --db \($0)" } ?? ""
            let data = try run.reportData(ingested.database, result, filter: findingOptions.filter(), shown: shown)
            if json {
                Standard.output(Accounting.json(ingested.report))
            } else {
                Standard.output(
                    TerminalReport.render(data, style: Style(color: screen.usesColor), width: ScreenOptions.width)
                )
                if !screen.quiet { Standard.error(Accounting.line(ingested.report)) }
            }
            if Accounting.isIncomplete(ingested.report, maxRejectRate: maxRejectRate) { throw Exit.incomplete }
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}

/// A folder that lives for one command.
struct TemporaryFolder {
    let path: String

    init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/dpslens-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw InvalidOutput(path: base, reason: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes the folder and the files in it.
    func remove() {
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { unlink(path + "/" + name) }
        }
        closedir(directory)
        rmdir(path)
    }
}
