import ArgumentParser
import Audit
import Correlation
import EventStore
import Findings
import Reports

/// Prints the report of a database.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the report of a database.",
        discussion: """
            Examples:
              dpslens report --db fleet.db
              dpslens report --format markdown -o incident.md --since -24h
              dpslens report --format html -o report.html
              dpslens report --format html -o for-support.html --redact /etc/dpslens/redact.key

            The HTML report is one file that needs no network; its only script is its own, and without it everything can be read.
            """
    )

    /// The formats of a report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case markdown
        case html
        case json

        /// Writes a report; standard error says it too where nothing could be judged.
        func deliver(_ data: ReportData, to target: OutputTarget, _ screen: ScreenOptions) throws {
            let isColored = screen.usesColor && target.isStandard
            switch self {
            case .text:
                let text = TerminalReport.render(data, style: Style(color: isColored), width: ScreenOptions.width)
                try target.deliver(text, isForPeople: true, isColored: isColored)
            case .markdown: try target.deliver(MarkdownReport.render(data), isForPeople: true)
            case .html: try target.deliver(HTMLReport.render(data), isForPeople: false)
            case .json: try target.deliver(JSONReport.render(data), isForPeople: false)
            }
            if let absence = data.absence { Standard.say(absence.text) }
        }
    }

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var registryOptions: RegistryOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption

    @Option(name: .long, help: ArgumentHelp(oneOf: Format.self, valueName: "format"))
    var format = Format.text

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func run() async throws {
        try await Failure.reporting {
            let target = try OutputTarget(
                output,
                sparing: SparedFile.database(database.path)
                    + Spared.configuration(
                        rules: ruleOptions,
                        findings: findingOptions,
                        registry: registryOptions,
                        redaction: redaction
                    )
            )
            let key = try redaction.key(beside: registryOptions.registry)
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait, quiet: screen.quiet)
            let registry = try registryOptions.load()
            let (opened, derived) = try run.perform()
            try target.check(output, against: opened)
            let result = try await registryOptions.meet(derived, registry, opened, run.rules)
            let data = try run.reportData(
                opened,
                result,
                options: findingOptions,
                shown: database.shown,
                key: key,
                charts: format == .html || format == .json ? .full : .sparse,
                details: format == .html
            )
            try format.deliver(data, to: target, screen)
            if data.absence != nil { throw Exit.incomplete }
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}
