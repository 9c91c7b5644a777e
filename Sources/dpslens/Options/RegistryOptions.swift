import ArgumentParser
import Attestation
import Basics
import EventStore
import Findings

/// What is handed in beside the logs, so that findings are explained and the registry itself is looked over.
struct RegistryOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "DPS registry export (JSON): explains findings, and is checked for hygiene itself (docs/registry.md).",
            valueName: "file"
        )
    )
    var registry: String?

    @OptionGroup var companions: RegistryCompanions

    @Option(
        name: .long,
        help: ArgumentHelp("A value of a registry check, as certificate-old.days=365.", valueName: "check.name=n")
    )
    var registrySet: [String] = []

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp(
            "The moment at which the registry is judged: RFC 3339, a date, or -24h. Default: now.",
            discussion: "A date means the end of that day in UTC.",
            valueName: "time"
        ),
        transform: TimeArgument.parse
    )
    var asOf: TimeArgument?

    func validate() throws {
        let others = companions.groupKeys != nil || companions.requests != nil || asOf != nil || !registrySet.isEmpty
        guard registry != nil || !others else {
            throw ValidationError("--group-keys, --requests, --registry-set and --as-of go with --registry.")
        }
        _ = try parameters()
    }

    /// The inputs, nil without a registry.
    ///
    /// - Throws: `InvalidInput` (exit 4): nothing of a file that cannot be read in full is used.
    func load() throws -> RegistryInputs? {
        guard let registry else { return nil }
        return try RegistryFiles.load(
            registry: registry,
            groupKeys: companions.groupKeys,
            requests: companions.requests,
            parameters: try parameters()
        )
    }

    /// The result with what the registry says, if there is one.
    func meet(_ result: AnalysisResult, _ inputs: RegistryInputs?, _ database: LogDatabase, _ rules: RuleSet)
        async throws
        -> AnalysisResult
    {
        guard let inputs else { return result }
        let now = TimeArgument.now()
        let moment = asOf?.endOfDay(now: now) ?? now
        return try await RegistryMeeting.of(result, inputs, at: moment, database, rules: rules)
    }

    private func parameters() throws -> [String: Int] {
        var values: [String: Int] = [:]
        for text in registrySet {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Int(parts[1]) else {
                throw ValidationError("`\(text)` is no value; write certificate-old.days=365.")
            }
            guard RegistryChecks.parameters.contains(parts[0]) else {
                throw ValidationError(
                    "No registry check has the value `\(parts[0])`; there are \(RegistryChecks.parameters.joined(separator: ", "))."
                )
            }
            values[parts[0]] = number
        }
        if let problem = RegistryChecks.problems(values).first { throw ValidationError(problem + ".") }
        return values
    }
}
