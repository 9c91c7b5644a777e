import AzureLogs
public import Correlation
public import EventStore
import GRDB

/// The findings of a database, and what could not be asked.
public struct AnalysisResult: Sendable {
    /// All findings in total order.
    public var findings: [Finding]
    /// What they come to, in total order.
    public var incidents: [Incident] = []
    /// Rules that were not run, with the reason.
    public var skipped: [(rule: String, reason: String)]

    /// A result of these.
    public init(findings: [Finding], incidents: [Incident] = [], skipped: [(rule: String, reason: String)]) {
        self.findings = findings
        self.incidents = incidents
        self.skipped = skipped
    }
}

/// What an analysis does next, for whoever waits for it.
public enum AnalysisStep: Sendable, Hashable {
    /// Attempts and contacts are joined device by device.
    case joining
    /// Rules are asked; so many are done of so many.
    case rules(done: Int, of: Int)
    /// Findings are brought together to incidents.
    case incidents
}

/// From events to findings: correlate if the events changed, run the rules if anything did.
public enum Analysis {
    /// Brings everything that is derived up to the events.
    ///
    /// - Parameters:
    ///   - database: a database opened for writing.
    ///   - rules: the rules to run.
    ///   - overrides: values of parameters, by `rule.parameter`; nil for those that the database keeps
    ///     (`JudgingParameters`).
    ///   - configuration: the spans of the correlation; nil for those that the database keeps.
    ///   - live: a sweep with this configuration that was made while events were stored.
    ///   - progress: told what is done next, from any thread; not at all where nothing has to be derived.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    public static func refresh(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil,
        configuration: CorrelationConfiguration? = nil,
        live: LiveSweep? = nil,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }
    ) throws -> AnalysisResult {
        try update(
            database,
            rules: rules,
            overrides: overrides,
            configuration: configuration,
            live: live,
            progress: progress
        )
        return try database.access.read { try kept(rules, $0) }
    }

    /// The same without reading what then stands: what was found is out of memory when this returns.
    ///
    /// - Throws: as `refresh`.
    public static func update(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil,
        configuration: CorrelationConfiguration? = nil,
        live: LiveSweep? = nil,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }
    ) throws {
        let kept = try JudgingParameters.kept(in: database)
        let (overrides, configuration) = (overrides ?? kept.rules, configuration ?? kept.correlation)
        if try isCurrent(database, rules: rules, overrides: overrides, configuration: configuration) {
            live?.discard()
            return
        }
        progress(.joining)
        _ = try Correlator.rebuild(database, configuration: configuration, live: live)
        Correlator.bringHome(database)
        let (current, known, skipped) = try database.access.read { connection in
            (
                try Self.state(rules, overrides, connection),
                try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'findings'"),
                try Self.skipped(rules, connection)
            )
        }
        if known == current { return }
        let (found, withheld, devices) = try found(
            by: rules,
            without: skipped,
            overrides,
            in: nil,
            database,
            progress: progress
        )
        progress(.incidents)
        try database.access.write { connection in
            try WithheldRows.replace(with: withheld, connection)
            let seen = try FindingHistory.withFirstSeen(found, connection)
            let (owners, incidents) = try IncidentBuilder.owners(of: seen, rules, devices, connection)
            try FindingRows.replace(with: seen, incidents: owners, connection)
            try IncidentRows.replace(with: incidents, connection)
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('findings', ?)",
                arguments: [current]
            )
        }
    }

    /// Whether nothing has changed since the findings that stand were made.
    ///
    /// - Throws: `DatabaseError`.
    public static func isCurrent(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil,
        configuration: CorrelationConfiguration? = nil
    ) throws -> Bool {
        try database.access.read { connection in
            let parameters = try JudgingParameters.kept(connection)
            let (overrides, configuration) = (overrides ?? parameters.rules, configuration ?? parameters.correlation)
            guard try Correlator.isCurrent(connection, configuration: configuration) else { return false }
            let kept = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'findings'")
            return kept == (try state(rules, overrides, connection))
        }
    }

    /// Hands on the findings that stand, in total order and with the states of the newest night, one after the other.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    public static func forEachFinding(_ database: LogDatabase, _ body: (Finding) throws -> Void) throws {
        try database.access.read { connection in
            let states = try FindingHistory.states(connection)
            try FindingRows.forEach(connection) { made in
                var finding = made
                if let state = states?.status(of: made) { finding.status = state }
                try body(finding)
            }
        }
    }

    /// The rules that were not run, with the reasons, as in `AnalysisResult`.
    ///
    /// - Throws: `DatabaseError`.
    public static func skipped(_ rules: RuleSet, in database: LogDatabase) throws -> [(rule: String, reason: String)] {
        try database.access.read { try notAsked(rules, $0) }
    }

    /// What the rules that are not skipped find, in total order, what lost records may contradict of it, and the devices
    /// that the logs name.
    private static func found(
        by rules: RuleSet,
        without skipped: [(rule: String, reason: String)],
        _ overrides: [String: Int],
        in window: AnalysisWindow?,
        _ database: LogDatabase,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }
    ) throws -> (findings: [Finding], withheld: [WithheldFinding], devices: DeviceTraits) {
        let names = Set(skipped.map(\.rule))
        let cards = rules.entries.map(\.card).filter { !names.contains($0.name) }
        let (findings, devices) = try RuleRuns.run(
            cards,
            overrides,
            rules.limits,
            in: window,
            database,
            progress: progress
        )
        let doubt = try database.access.read { try RecordsInDoubt($0) }
        let (standing, withheld) = try doubt.parting(findings, cards, overrides)
        return (standing.sorted(by: Finding.precedes), withheld, devices)
    }

    /// What stands in the database, with the states of the newest night.
    private static func kept(_ rules: RuleSet, _ connection: Database) throws -> AnalysisResult {
        let made = try FindingRows.all(connection)
        let statuses = try FindingHistory.statuses(of: made, connection)
        let findings = made.map { finding in
            var finding = finding
            finding.status = statuses[finding.id] ?? finding.status
            return finding
        }
        return AnalysisResult(
            findings: findings,
            incidents: try IncidentRows.all(connection),
            skipped: try notAsked(rules, connection)
        )
    }

    private static func notAsked(_ rules: RuleSet, _ connection: Database) throws -> [(rule: String, reason: String)] {
        try skipped(rules, connection) + WithheldFinding.reasons(WithheldRows.all(connection))
    }

    /// The findings that are kept, if nothing has changed since they were made.
    ///
    /// - Returns: nil if `refresh` has something to do.
    /// - Throws: `DatabaseError`.
    public static func current(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil,
        configuration: CorrelationConfiguration? = nil
    ) throws -> AnalysisResult? {
        guard
            try isCurrent(database, rules: rules, overrides: overrides, configuration: configuration)
        else { return nil }
        return try database.access.read { try kept(rules, $0) }
    }

    /// What the rules find in a window alone, without keeping it: what a back-test asks for.
    ///
    /// The derived tables must be of the events' state (`Correlator.rebuild`), and nobody else may write meanwhile.
    ///
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    public static func findings(
        in window: AnalysisWindow,
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil
    ) throws -> AnalysisResult {
        let overrides = try overrides ?? JudgingParameters.kept(in: database).rules
        let skipped = try database.access.read { connection in try Self.skipped(rules, connection) }
        let (found, withheld, devices) = try found(by: rules, without: skipped, overrides, in: window, database)
        let (findings, incidents) = try database.access.read { try IncidentBuilder.build(found, rules, devices, $0) }
        return AnalysisResult(
            findings: findings,
            incidents: incidents,
            skipped: skipped + WithheldFinding.reasons(withheld)
        )
    }

    /// Runs one rule without keeping what it finds.
    ///
    /// - Throws: `RuleError`.
    static func findings(
        of card: RuleCard,
        _ overrides: [String: Int],
        _ limits: StatementLimits,
        in database: LogDatabase
    ) throws -> [Finding] {
        try database.access.read { connection in
            if try missing(card, services(connection)) != nil { return [] }
            let found = try RuleRunner.run(card, overrides, limits, database.stop) {
                try PreparedStatement(connection, $0)
            }
            return try RecordsInDoubt(connection).parting(found.map(\.finding), [card], overrides).standing
                .sorted(by: Finding.precedes)
        }
    }

    private static func state(_ rules: RuleSet, _ overrides: [String: Int], _ connection: Database) throws -> String {
        let derived = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'") ?? ""
        let files = try String.checkedOne(
            connection,
            sql: "SELECT count(*) || '/' || coalesce(sum(rejected), 0) || '/' || coalesce(sum(lines), 0) FROM file"
        )
        let settings = overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        let rulesHash = Fingerprint.hash(rules.digest + settings, seed: 11)
        return "\(derived) \(files ?? "") \(String(rulesHash, radix: 16))"
    }

    private static func skipped(_ rules: RuleSet, _ connection: Database) throws -> [(rule: String, reason: String)] {
        let read = try services(connection)
        return rules.entries.compactMap { entry in
            missing(entry.card, read).map { (entry.card.name, "no \($0) logs were read") }
        }
    }

    /// The services of which logs were read.
    private static func services(_ connection: Database) throws -> Set<String> {
        try Set(String.checkedAll(connection, sql: "SELECT DISTINCT service FROM context"))
    }

    /// The service of which the rule needs logs that were not read.
    private static func missing(_ card: RuleCard, _ read: Set<String>) -> String? {
        let service = card.needs.first { ($0 == "dps" || $0 == "hub") && !read.contains($0) }
        return service.map { $0 == "dps" ? "DPS" : "hub" }
    }
}
