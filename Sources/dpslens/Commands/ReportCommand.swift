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
    enum Format: String, FormatWord {
        case text
        case markdown
        case html
        case json

        static let standard = text

        /// How much of the numbers behind the charts it shows.
        var charts: FleetCharts.Depth { self == .html || self == .json ? .full : .sparse }

        /// Writes a report; standard error says it too where nothing could be judged.
        func deliver(_ data: ReportData, to target: OutputTarget, _ screen: ScreenOptions) throws {
            let isColored = screen.usesColor && target.isStandard
            switch self {
            case .text:
                let text = TerminalReport.render(data, style: Style(color: isColored), width: ScreenOptions.width)
                try target.deliver(text, isForPeople: true, isColored: isColored)
            case .markdown: try target.deliver(MarkdownReport.render(data), isForPeople: true)
            case .html: try target.deliver(HTMLReport.render(data), isForPeople: false)
            case .json: try target.deliver(JSONReport.render(data))
            }
            if let absence = data.absence { Standard.say(absence.text) }
        }
    }

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var findingOptions: FindingOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption
    @OptionGroup var format: FormatOption<Format>
    @OptionGroup var output: OutputOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(
                analysis,
                output: output,
                findings: findingOptions,
                redaction: redaction,
                quiet: screen.quiet
            )
            let data = try await plan.open().reportData(
                options: findingOptions,
                charts: format.word.charts,
                details: format.word == .html
            )
            try format.word.deliver(data, to: plan.target, screen)
            if data.absence != nil { throw Exit.incomplete }
            if findingOptions.failOn.isReached(by: data.findings) { throw Exit.findings }
        }
    }
}
