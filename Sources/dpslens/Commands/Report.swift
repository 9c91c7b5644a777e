import ArgumentParser
import EventStore
import Findings
import Reports

/// Prints the report of a database.
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the report of a database.",
        discussion: """
            Examples:
              dpslens report --db fleet.db
              dpslens report --format markdown -o incident.md --since -24h
              dpslens report --format html -o report.html
              dpslens report --format html -o for-support.html --redact /etc/dpslens/redact.key

            The HTML report is one file that needs no network and runs no script.
            """
    )

    /// The formats of a report.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case markdown
        case html
        case json
    }

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var registryOptions: RegistryOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption

    @Option(name: .long, help: ArgumentHelp("text, markdown, html or json.", valueName: "format"))
    var format = Format.text

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
    var wait = 0

    func run() async throws {
        try await Failure.reporting {
            let key = try redaction.key(beside: registryOptions.registry)
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait)
            let registry = try registryOptions.load()
            let (opened, derived) = try run.perform()
            let result = try await registryOptions.meet(derived, registry, opened, run.rules)
            let data = try run.reportData(opened, result, options: findingOptions, shown: database.shown, key: key)
            let text =
                switch format {
                case .text:
                    TerminalReport.render(
                        data,
                        style: Style(color: screen.usesColor && output == nil),
                        width: ScreenOptions.width
                    )
                case .markdown: MarkdownReport.render(data)
                case .html: HTMLReport.render(data)
                case .json: JSONReport.render(data)
                }
            try Standard.deliver(text, to: output)
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}
