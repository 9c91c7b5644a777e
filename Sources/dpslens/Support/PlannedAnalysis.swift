import Audit
import Basics
import EventStore
import Findings
import LogIngest
import Reports

/// An analysis as it was asked for: rules read, the place of the output looked over, and nothing done yet.
struct PlannedAnalysis {
    let options: AnalysisOptions
    let target: OutputTarget
    let key: RedactionKey?
    let run: AnalysisRun
    private let output: String?

    /// Looks over what was given before any work is done.
    ///
    /// - Parameters:
    ///   - inputs: files, folders and patterns that the command reads; the output is held off them.
    ///   - findings: whose file of suppressions the output is held off.
    /// - Throws: `OutputRefusal` or `ValidationError` (exit 64), `RuleError` or `InvalidInput` (exit 4).
    init(
        _ options: AnalysisOptions,
        output: OutputOption? = nil,
        inputs: [String] = [],
        findings: FindingOptions? = nil,
        redaction: RedactionOption? = nil,
        quiet: Bool = false
    ) throws {
        self.options = options
        self.output = output?.path
        target = try OutputTarget(
            output?.path,
            sparing: SparedFile.database(options.database.path)
                + Spared.inputs(inputs.isEmpty ? [] : InputFiles.list(inputs))
                + Spared.configuration(
                    rules: options.rules,
                    findings: findings,
                    registry: options.registry,
                    redaction: redaction
                )
        )
        key = try redaction?.key(beside: options.registry.registry)
        run = AnalysisRun(
            path: options.database.path,
            rules: try options.rules.load(),
            wait: options.lock.seconds,
            quiet: quiet
        )
    }

    /// The rules in force.
    var rules: RuleSet { run.rules }

    /// Holds the output off the files that the database was filled from.
    ///
    /// - Throws: `OutputRefusal` (exit 64).
    func check(_ database: LogDatabase) throws { try target.check(output, against: database) }

    /// Brings the database up to date, and lets its findings meet the registry.
    func open() async throws -> OpenedAnalysis {
        let registry = try options.registry.load()
        let (database, derived) = try run.openAndLoad()
        try check(database)
        return try await opened(database, derived, registry)
    }

    /// The analysis of a database that is up to date.
    func opened(_ database: LogDatabase, _ derived: AnalysisResult, _ registry: RegistryInputs?) async throws
        -> OpenedAnalysis
    {
        let result = try await options.registry.meet(derived, registry, database, rules)
        let redactor = try Redactor(key, database, result.findings, result.incidents)
        return OpenedAnalysis(plan: self, database: database, result: result, redactor: redactor)
    }
}
