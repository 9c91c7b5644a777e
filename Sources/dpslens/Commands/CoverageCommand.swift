import ArgumentParser
import Correlation
import EventStore
import Findings
import Reports

/// For which hours logs were read.
struct CoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Show for which resources, categories and hours logs were read.",
        discussion:
            "Only where a hub's logs cover the time may \"never connected\" be said. Exit 2 below --min-coverage."
    )

    @OptionGroup var database: DatabaseOption
    @OptionGroup var lock: LockOption
    @OptionGroup var redaction: RedactionOption

    @OptionGroup var format: FormatOption<DataFormat>

    @Flag(name: .long, help: "One row an hour instead of one a run of hours.")
    var hours = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit 2 when a stream has records in less than this share of its hours.",
            valueName: "percent"
        )
    )
    var minCoverage: Double?

    func run() async throws {
        try await Failure.reporting {
            let key = try redaction.key()
            let readOnly = try LogDatabase.open(database.path, .readOnly)
            let (opened, held) = try AnalysisRun.derivable(
                readOnly,
                database.path,
                owner: "dpslens coverage",
                wait: lock.seconds
            )
            defer { withExtendedLifetime(held) {} }
            let parameters = try JudgingParameters.kept(in: opened)
            _ = try Correlator.rebuild(opened, configuration: parameters.correlation)
            var table =
                hours ? try QueryRunner.run(Self.perHour, in: opened) : CoverageRun.table(try CoverageRun.load(opened))
            if let redactor = try Redactor(key, opened, []) { table = redactor.table(table, ["instance": .instance]) }
            if format.word == .table, let absence = try RecordAbsence.of(opened) {
                Standard.output("dpslens: \(absence.text)\n")
            }
            format.word.put(table, raw: false)
            guard let minCoverage else { return }
            let shares = try QueryRunner.run(Self.shares, in: opened).rows
            let isBelow = shares.contains { row in
                if case .real(let percent) = row[0] { percent < minCoverage } else { false }
            }
            if isBelow || shares.isEmpty { throw Exit.incomplete }
        }
    }

    private static let perHour = """
        SELECT service, instance, category, hour_utc, records FROM coverage ORDER BY service, instance, category, hour
        """

    private static let shares = """
        SELECT COUNT(*) * 100.0 / ((MAX(hour) - MIN(hour)) / 3600000000 + 1) FROM coverage
        GROUP BY service, instance, category
        """
}
