import ArgumentParser
import Audit
import Correlation
import EventStore
import Findings
import Reports

/// One device on one screen.
struct DeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Tell the story of one device: verdict, timeline, fix.",
        discussion: """
            Examples:
              dpslens device press-17 --db fleet.db
              dpslens device press-17 --since -24h --raw --db fleet.db
              dpslens device press-17 --format html -o press-17.html --db fleet.db

            The id is a registration id in any case, or a device id; with --redact also a pseudonym of the same key.
            """
    )

    @Argument(help: "A registration id or device id.")
    var id: String

    /// The formats of a device's story.
    enum Format: String, FormatWord {
        case text
        case html
        case json

        static let standard = text
    }

    @OptionGroup var format: FormatOption<Format>

    @Flag(name: .long, help: "Show the raw record of every event: decoded, secrets masked.")
    var raw = false

    @Flag(name: .long, help: "Show all events, not the newest 40.")
    var all = false

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("Show the events since: RFC 3339, a date, or -24h.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var since: TimeArgument?

    @OptionGroup var output: OutputOption

    @OptionGroup var analysis: AnalysisOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis, output: output, redaction: redaction, quiet: screen.quiet)
            let opened = try await plan.open()
            let (findings, redactor) = (opened.result.findings, opened.redactor)
            guard let story = try DeviceStory.load(redactor?.name(behind: id) ?? id, from: opened.database) else {
                let folded = id.lowercased()
                let told = findings.filter {
                    $0.registrationId?.lowercased() == folded || $0.deviceId == id || $0.subject == id
                }
                if analysis.registry.registry != nil, redactor == nil, !told.isEmpty {
                    Standard.output(
                        DeviceScreen.render(
                            withoutStory: id,
                            findings: told,
                            style: Style(color: screen.usesColor),
                            width: ScreenOptions.width
                        )
                    )
                    return
                }
                throw try NotFound.device(id, opened.database, analysis.database.shown)
            }
            let named = NamedErrors(findings, plan.rules)
            let standing = try named.standings(in: story, opened.database)
            let names = Set(story.names)
            let about = findings.filter { finding in
                names.contains(finding.subject) || finding.deviceId.map(names.contains) == true
                    || finding.registrationId.map(names.contains) == true
            }
            var detail = DeviceDetail()
            detail.all = all
            detail.since = since?.microseconds(now: TimeArgument.now())
            if raw { try detail.readRecords(story, from: opened.database) }
            // Places are looked up before the names are taken out of them.
            if let redactor { detail.redact(redactor) }
            let shown = redactor?.story(standing) ?? standing
            let told = redactor?.findings(about) ?? about
            let isColored = screen.usesColor && plan.target.isStandard
            let text =
                switch format.word {
                case .text:
                    DeviceScreen.render(
                        shown,
                        findings: told,
                        style: Style(color: isColored),
                        width: ScreenOptions.width,
                        databaseArgument: opened.databaseArgument,
                        detail: detail
                    )
                case .json: DeviceJSON.render(shown, findings: told, detail: detail)
                case .html: DevicePage.render(shown, findings: told, detail: detail, version: Dpslens.version)
                }
            try plan.target.deliver(text, isForPeople: format.word == .text, isColored: isColored)
        }
    }
}
