import Attestation
import AzureLogs
import EventStore
import LogIngest
import TestSupport

@testable import Findings

/// A registry looked over beside a few lines of logs.
struct Audited {
    let result: AnalysisResult
    let database: LogDatabase

    /// Reads the lines, runs the rules, and lets findings and registry meet.
    init(
        _ registry: RegistryText,
        _ lines: [String] = [],
        at now: String = "2026-11-20T12:00:00Z",
        groupKeys: String? = nil,
        requests: [AttestationRequest]? = nil,
        set parameters: [String: Int] = [:]
    ) async throws {
        try await self.init([registry], lines, at: now, groupKeys: groupKeys, requests: requests, set: parameters)
    }

    init(
        _ registries: [RegistryText],
        _ lines: [String] = [],
        at now: String = "2026-11-20T12:00:00Z",
        groupKeys: String? = nil,
        requests: [AttestationRequest]? = nil,
        set parameters: [String: Int] = [:]
    ) async throws {
        let folder = try TestFolder()
        database = try LogDatabase.inMemory()
        if !lines.isEmpty {
            _ = try await Importer.run(
                [try folder.write(lines.joined(separator: "\n") + "\n", to: "log.json")],
                into: database
            )
        }
        let rules = try RuleSet.builtIn()
        let derived = try Analysis.refresh(database, rules: rules)
        let text = "[" + registries.map(\.json).joined(separator: ",") + "]"
        var inputs = RegistryInputs(try Registry.read(utf8: text.utf8, keepsVariants: true), file: "dps.json")
        if let groupKeys { inputs.add(try GroupKeyFile(groupKeys)) }
        if let requests {
            inputs.hasRequests = true
            inputs.requests = requests.enumerated().map {
                RegistryInputs.Request($1, evidence: "requests.jsonl:\($0 + 1)")
            }
        }
        inputs.parameters = parameters
        result = try await RegistryMeeting.of(
            derived,
            inputs,
            at: try Self.microseconds(now),
            database,
            rules: rules
        )
    }

    static func microseconds(_ time: String) throws -> Int64 {
        guard let ticks = Timestamp.parse(time) else { throw TestSupportError("no time: \(time)") }
        return ticks / 10
    }

    /// The findings of a rule.
    func of(_ rule: String) -> [Finding] { result.findings.filter { $0.rule == rule } }

    /// Subject, severity and reason of a rule's findings, in the order of subjects.
    func told(_ rule: String) -> [String] {
        of(rule).map { "\($0.subject) \($0.severity.rawValue) \($0.reason)" }.sorted()
    }
}

/// The rules' names are long in tests.
typealias Make = RegistryText
