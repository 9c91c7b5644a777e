import ArgumentParser
import Correlation
import EventStore
import Findings
import Reports

/// One device on one screen.
struct Device: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Tell the story of one device: verdict, timeline, fix.",
        discussion: """
            Example:
              dpslens device press-17 --db fleet.db

            The id is a registration id in any case, or a device id; with --redact also a pseudonym of the same key.
            """
    )

    @Argument(help: "A registration id or device id.")
    var id: String

    @OptionGroup var database: DatabaseOption
    @OptionGroup var ruleOptions: RuleOptions
    @OptionGroup var registryOptions: RegistryOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var redaction: RedactionOption

    func run() async throws {
        try await Failure.reporting {
            let key = try redaction.key(beside: registryOptions.registry)
            let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: 0)
            let registry = try registryOptions.load()
            let (opened, derived) = try run.perform()
            let result = try await registryOptions.meet(derived, registry, opened, run.rules)
            let redactor = try Redactor(key, opened, result.findings)
            guard let story = try DeviceStory.load(redactor?.name(behind: id) ?? id, from: opened) else {
                let folded = id.lowercased()
                let told = result.findings.filter {
                    $0.registrationId?.lowercased() == folded || $0.deviceId == id || $0.subject == id
                }
                if registry != nil, redactor == nil, !told.isEmpty {
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
                throw StoreError(
                    .failed,
                    "nothing is known of \(TerminalText.safe(id)); ids of devices: dpslens query --sql 'SELECT DISTINCT registration_id FROM registrations'"
                )
            }
            let named = NamedErrors(result.findings, run.rules)
            let told = try named.standings(in: story, opened)
            let names = Set(story.names)
            let about = result.findings.filter { finding in
                names.contains(finding.subject) || finding.deviceId.map(names.contains) == true
                    || finding.registrationId.map(names.contains) == true
            }
            Standard.output(
                DeviceScreen.render(
                    redactor?.story(told) ?? told,
                    findings: redactor?.findings(about) ?? about,
                    style: Style(color: screen.usesColor),
                    width: ScreenOptions.width,
                    databaseArgument: redactor?.databaseArgument(database.shown) ?? database.shown
                )
            )
        }
    }
}
