import ArgumentParser
import Audit
import AzureLogs
import Basics
import EventStore
import Findings
import Glibc
import LogIngest
import Reports

/// The nightly job.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Read what is new, judge the night, keep its findings, write the reports, prune.",
        discussion: """
            Example:
              dpslens audit --config /etc/dpslens/audit.yaml --cron --fail-on new

            Running a night twice changes nothing. Each night is a folder named by its date in UTC, and `latest` points to
            the newest.
            Exit: 0 done, 1 findings at --fail-on, 2 incomplete, 3 failed, 4 invalid rules, suppressions or configuration,
            5 another run holds the lock, 64 usage, 130 and 143 interrupted.
            """
    )

    @OptionGroup var file: ConfigurationOption

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp(
            "The end of the night: RFC 3339, a date, or -24h. Default: now.",
            discussion: "A date means the end of that day in UTC.",
            valueName: "time"
        ),
        transform: TimeArgument.parse
    )
    var asOf: TimeArgument?

    @Option(
        name: .long,
        help: ArgumentHelp("In the place of the configuration's `fail_on`.", valueName: "severity")
    )
    var failOn: FailLevel?

    @Flag(name: .long, help: "Also judge a night of the future, and prune more than half of the events or nights.")
    var force = false

    @Flag(name: .long, help: "For timers: no progress, no colour, one line.")
    var cron = false

    @Flag(name: .long, help: "Print the summary as one JSON object.")
    var json = false

    @OptionGroup var ruleLimits: RuleLimitOptions
    @OptionGroup var lock: LockOption

    func run() async throws {
        try await Failure.reporting {
            let now = TimeArgument.now()
            let result = try await result(now)
            if json {
                Standard.data(result.json)
            } else {
                Standard.output(TerminalText.safe(result.summary) + "\n")
            }
            let sentences = result.stale + result.spared + result.refused + result.untidySuppressions
            for sentence in sentences { Standard.say(sentence) }
            if let absence = result.absence { Standard.say(absence.text) }
            if !result.incomplete.isEmpty || !result.refused.isEmpty { throw Exit.incomplete }
            let level = try failOn ?? level(file.values())
            if result.fails(on: level) { throw Exit.findings }
        }
    }

    private func level(_ values: [ConfigurationValue]) -> FailLevel {
        values.first { $0.name == "fail_on" }?.texts.first.flatMap(FailLevel.init(word:)) ?? FailLevel.none
    }

    private func registry(_ configuration: AuditConfiguration) throws -> RegistryInputs? {
        if configuration.registry != nil, configuration.redactKeyFile != nil {
            throw InvalidInput(
                "\(file.config): `redact_key_file` and `registry` do not go together: a registry names what no log does"
            )
        }
        guard let path = configuration.registry else {
            if configuration.groupKeys == nil, configuration.requests == nil { return nil }
            throw InvalidInput("\(file.config): `group_keys` and `requests` go with `registry`, which is missing")
        }
        return try RegistryFiles.load(
            registry: path,
            groupKeys: configuration.groupKeys,
            requests: configuration.requests,
            parameters: configuration.parameters
        )
    }

    /// Holds the metrics' file off what the run needs.
    private func check(_ configuration: AuditConfiguration, _ files: [String]) throws {
        guard let metrics = configuration.prometheusFile else { return }
        let inputs = [
            configuration.suppressions, configuration.registry, configuration.groupKeys, configuration.requests,
        ]
        let spared =
            SparedFile.database(configuration.database) + Spared.inputs(files + inputs.compactMap(\.self))
            + [SparedFile(file.config, "the configuration")]
        do {
            _ = try OutputFile(metrics, sparing: spared)
        } catch let refusal as OutputRefusal {
            throw InvalidInput("\(file.config): `outputs.prometheus_file`: \(refusal)")
        }
    }

    private func result(_ now: Int64) async throws -> AuditResult {
        let configuration = AuditConfiguration(try file.values(), relativeTo: file.folder)
        let limits = ruleLimits.limits(configuration.ruleLimits(RuleSet.standardLimits))
        let rules = try RuleOptions.load(configuration.ruleFolders, limits)
        var run = AuditRun(
            configuration,
            rules: rules,
            suppressions: try configuration.suppressions.map { try Suppressions.load($0, rules) } ?? [],
            nightEnd: asOf?.endOfDay(now: now) ?? now,
            now: now,
            version: Dpslens.version,
            redactionKey: try configuration.redactKeyFile.map(RedactionOption.key),
            registry: try registry(configuration)
        )
        run.isForced = force
        if let problem = run.parameterProblems.first { throw InvalidInput("\(file.config): \(problem)") }
        let held = try DatabaseLock(
            for: configuration.database,
            owner: "dpslens audit",
            now: TimeArgument.now(),
            waiting: lock.seconds
        )
        defer { withExtendedLifetime(held) {} }
        let database = try LogDatabase.open(configuration.database)
        let files = try InputFiles.list(configuration.inputs)
        try check(configuration, files)
        let progress = ProgressLine(
            total: InputFiles.totalBytes(files),
            files: files.count,
            isShown: !cron
        )
        defer { progress.end() }
        do {
            let result = try await run.perform(database) { bytes, files in progress.add(bytes: bytes, files: files) }
            try database.checkPlace()
            return result
        } catch {
            try database.checkPlace()
            throw error
        }
    }
}
