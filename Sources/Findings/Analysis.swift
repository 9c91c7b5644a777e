import AzureLogs
public import Correlation
public import EventStore
import GRDB

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
    ///   - progress: called with each step before it begins, from any thread; not at all if everything is current.
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
        return try database.access.read { try stored(rules, $0) }
    }

    /// Like `refresh`, but does not load the findings, so that memory stays small.
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
        // Its summary is for whoever asks for a sweep alone.
        _ = try Correlator.rebuild(database, configuration: configuration, live: live)
        // Beside the rules, which only read.
        Correlator.startWALCheckpoint(database)
        let (fingerprint, stored, unread, firstSeen) = try database.access.read { connection in
            (
                try inputsFingerprint(rules, overrides, connection),
                try storedFingerprint(connection),
                try rulesWithoutLogs(rules, connection),
                try KeptFirstSeen(connection)
            )
        }
        if stored == fingerprint { return }
        let found = try runRules(
            rules,
            except: unread,
            overrides,
            in: nil,
            database,
            progress: progress,
            finished: firstSeen.marking
        )
        progress(.incidents)
        let (findings, rows) = try found.findings.inOrder()
        try database.access.write { connection in
            try WithheldRows.replace(with: found.withheld, connection)
            var owners = [Int32](repeating: -1, count: rows.count)
            var incidents = NameList()
            try IncidentRows.replace(connection) { write in
                try IncidentBuilder.forEach(of: findings, rules, found.devices, connection) { incident, places in
                    for place in places { owners[Int(place)] = Int32(truncatingIfNeeded: incidents.count) }
                    incidents.append(incident.id)
                    try write(incident)
                }
            }
            try FindingRows.replace(connection) { write in
                try found.findings.forEach(of: rows) { finding, place in
                    try write(finding, owners[place] < 0 ? nil : incidents[Int(owners[place])])
                }
            }
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('findings', ?)",
                arguments: [fingerprint]
            )
        }
    }

    /// Whether nothing has changed since the stored findings were made.
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
            return try storedFingerprint(connection) == inputsFingerprint(rules, overrides, connection)
        }
    }

    /// Hands on the stored findings, in total order and with their status after the newest night, one after the other.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    public static func forEachFinding(_ database: LogDatabase, _ body: (Finding) throws -> Void) throws {
        try database.access.read { connection in
            let nights = try FindingHistory.statuses(connection)
            try FindingRows.forEach(connection) { try body(nights.marking($0)) }
        }
    }

    /// The same of some rules: rule by rule in the order given, those of each in total order.
    ///
    /// - Throws: as `forEachFinding`.
    public static func forEachFinding(
        of rules: [String],
        _ database: LogDatabase,
        _ body: (Finding) throws -> Void
    ) throws {
        try database.access.read { connection in
            let nights = try FindingHistory.statuses(connection)
            try FindingRows.forEach(of: rules, connection) { try body(nights.marking($0)) }
        }
    }

    /// How bad each of the stored incidents is, by their ids.
    ///
    /// - Throws: `DatabaseError`.
    public static func incidentSeverities(_ database: LogDatabase) throws -> [String: Severity] {
        try database.access.read { try IncidentRows.severities($0) }
    }

    /// What was not checked, with the reasons, as in `AnalysisResult.skipped`.
    ///
    /// - Throws: `DatabaseError`.
    public static func skipped(_ rules: RuleSet, in database: LogDatabase) throws -> [(rule: String, reason: String)] {
        try database.access.read { try unchecked(rules, $0) }
    }

    /// The stored findings with their status after the newest night, their incidents, and what was not checked.
    private static func stored(_ rules: RuleSet, _ connection: Database) throws -> AnalysisResult {
        let nights = try FindingHistory.statuses(connection)
        return AnalysisResult(
            findings: try FindingRows.all(connection).map(nights.marking),
            incidents: try IncidentRows.all(connection),
            skipped: try unchecked(rules, connection)
        )
    }

    private static func unchecked(_ rules: RuleSet, _ connection: Database) throws -> [(rule: String, reason: String)] {
        try rulesWithoutLogs(rules, connection) + WithheldFinding.reasons(WithheldRows.all(connection))
    }

    /// What `refresh` would give without deriving anything; nil if it has something to do.
    ///
    /// - Throws: `DatabaseError`.
    public static func currentResult(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil,
        configuration: CorrelationConfiguration? = nil
    ) throws -> AnalysisResult? {
        guard
            try isCurrent(database, rules: rules, overrides: overrides, configuration: configuration)
        else { return nil }
        return try database.access.read { try stored(rules, $0) }
    }

    private static func storedFingerprint(_ connection: Database) throws -> String? {
        try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'findings'")
    }

    /// What the findings rest on: the derived tables, the ledger of files, rules and parameters.
    private static func inputsFingerprint(_ rules: RuleSet, _ overrides: [String: Int], _ connection: Database) throws
        -> String
    {
        let derived = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'") ?? ""
        let files = try String.checkedOne(
            connection,
            sql: "SELECT count(*) || '/' || coalesce(sum(rejected), 0) || '/' || coalesce(sum(lines), 0) FROM file"
        )
        let settings = overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        let rulesHash = Fingerprint.hash(rules.digest + settings, seed: 11)
        return "\(derived) \(files ?? "") \(String(rulesHash, radix: 16))"
    }
}
