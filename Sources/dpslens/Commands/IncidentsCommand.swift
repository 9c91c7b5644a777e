import ArgumentParser
import Audit
import EventStore
import Findings
import Reports

/// What the findings come to.
struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents",
        abstract: "List incidents: findings that share a cause, and what sets their devices apart.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    /// All incidents, worst first.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the incidents, worst first."
        )

        @OptionGroup var database: DatabaseOption
        @OptionGroup var ruleOptions: RuleOptions
        @OptionGroup var redaction: RedactionOption
        @OptionGroup var registryOptions: RegistryOptions

        @Option(name: .long, help: ArgumentHelp(oneOf: DataFormat.self, valueName: "format"))
        var format = DataFormat.table

        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file")
        )
        var output: String?

        @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
        var wait = 0

        func run() async throws {
            try await Failure.reporting {
                let target = try OutputTarget(
                    output,
                    sparing: SparedFile.database(database.path)
                        + Spared.configuration(rules: ruleOptions, registry: registryOptions, redaction: redaction)
                )
                let key = try redaction.key(beside: registryOptions.registry)
                let run = AnalysisRun(path: database.path, rules: try ruleOptions.load(), wait: wait)
                let registry = try registryOptions.load()
                let (opened, derived) = try run.perform()
                try target.check(output, against: opened)
                let result = try await registryOptions.meet(derived, registry, opened, run.rules)
                let redactor = try Redactor(key, opened, result.findings, result.incidents)
                let incidents = redactor?.incidents(result.incidents) ?? result.incidents
                let absence = try RecordAbsence.of(opened)
                let text =
                    format == .table
                    ? IncidentScreen.list(
                        incidents,
                        width: ScreenOptions.tableWidth,
                        databaseArgument: redactor?.databaseArgument(database.shown) ?? database.shown,
                        absence: absence
                    )
                    : format.render(IncidentTable.table(incidents), raw: false)
                try target.deliver(text, isForPeople: format == .table)
                if let absence {
                    Standard.say(absence.text)
                    throw Exit.incomplete
                }
            }
        }
    }

    /// One incident on one screen.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show an incident: who is concerned, who is not, since when, what was changed before."
        )

        @Argument(help: "The incident's id, or its beginning; with --redact the id of that key's reports.")
        var id: String

        @OptionGroup var database: DatabaseOption
        @OptionGroup var ruleOptions: RuleOptions
        @OptionGroup var redaction: RedactionOption
        @OptionGroup var registryOptions: RegistryOptions

        @Option(name: .long, help: ArgumentHelp("Wait this long for another writer.", valueName: "seconds"))
        var wait = 0

        func run() async throws {
            try await Failure.reporting {
                let key = try redaction.key(beside: registryOptions.registry)
                let rules = try ruleOptions.load()
                let registry = try registryOptions.load()
                let (opened, derived) = try AnalysisRun(path: database.path, rules: rules, wait: wait).perform()
                let result = try await registryOptions.meet(derived, registry, opened, rules)
                let redactor = try Redactor(key, opened, result.findings, result.incidents)
                let incidents = redactor?.incidents(result.incidents) ?? result.incidents
                let found = incidents.filter { $0.id.hasPrefix(id.lowercased()) }
                guard let incident = found.first, found.count == 1 else {
                    throw NotFound.incident(id, incidents, database.shown)
                }
                let findings = redactor?.findings(result.findings) ?? result.findings
                Standard.output(
                    IncidentScreen.show(
                        incident,
                        findings.filter { $0.incident == incident.id },
                        width: ScreenOptions.tableWidth,
                        databaseArgument: redactor?.databaseArgument(database.shown) ?? database.shown
                    )
                )
            }
        }
    }
}
