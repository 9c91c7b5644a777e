import AzureLogs
public import Correlation
public import EventStore
import GRDB

/// The findings of a database, and what could not be asked.
public struct AnalysisResult: Sendable {
    /// All findings in total order.
    public var findings: [Finding]
    /// Rules that were not run, with the reason.
    public var skipped: [(rule: String, reason: String)]
}

/// From events to findings: correlate if the events changed, run the rules if anything did.
public enum Analysis {
    /// Brings everything that is derived up to the events.
    ///
    /// - Parameters:
    ///   - database: a database opened for writing.
    ///   - rules: the rules to run.
    ///   - overrides: values of parameters, by `rule.parameter`.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    public static func refresh(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int] = [:],
        configuration: CorrelationConfiguration = CorrelationConfiguration()
    ) throws -> AnalysisResult {
        _ = try Correlator.rebuild(database, configuration: configuration)
        return try database.access.write { connection in
            let skipped = try skipped(rules, connection)
            let state = try state(rules, overrides, connection)
            if try String.fetchOne(connection, sql: "SELECT value FROM setting WHERE name = 'findings'") == state {
                return AnalysisResult(findings: try FindingRows.all(connection), skipped: skipped)
            }
            let names = Set(skipped.map(\.rule))
            var findings: [Finding] = []
            for entry in rules.entries where !names.contains(entry.card.name) {
                findings += try RuleRunner.run(entry.card, overrides, connection)
            }
            findings.sort(by: Finding.precedes)
            try FindingRows.replace(with: findings, connection)
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('findings', ?)",
                arguments: [state]
            )
            return AnalysisResult(findings: findings, skipped: skipped)
        }
    }

    /// The findings that are kept, if nothing has changed since they were made.
    ///
    /// - Returns: nil if `refresh` has something to do.
    /// - Throws: `DatabaseError`.
    public static func current(
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int] = [:],
        configuration: CorrelationConfiguration = CorrelationConfiguration()
    ) throws -> AnalysisResult? {
        try database.access.read { connection in
            guard try Correlator.isCurrent(connection, configuration: configuration) else { return nil }
            let kept = try String.fetchOne(connection, sql: "SELECT value FROM setting WHERE name = 'findings'")
            guard kept == (try state(rules, overrides, connection)) else { return nil }
            return AnalysisResult(findings: try FindingRows.all(connection), skipped: try skipped(rules, connection))
        }
    }

    /// Runs one rule without keeping what it finds.
    ///
    /// - Throws: `RuleError`.
    static func findings(of card: RuleCard, _ overrides: [String: Int], in database: LogDatabase) throws -> [Finding] {
        try database.access.read { connection in
            if try missing(card, connection) != nil { return [] }
            return try RuleRunner.run(card, overrides, connection).sorted(by: Finding.precedes)
        }
    }

    private static func state(_ rules: RuleSet, _ overrides: [String: Int], _ connection: Database) throws -> String {
        let derived = try String.fetchOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'") ?? ""
        let files = try String.fetchOne(
            connection,
            sql: "SELECT count(*) || '/' || coalesce(sum(rejected), 0) || '/' || coalesce(sum(lines), 0) FROM file"
        )
        let settings = overrides.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        let rulesHash = Fingerprint.hash(rules.digest + settings, seed: 11)
        return "\(derived) \(files ?? "") \(String(rulesHash, radix: 16))"
    }

    private static func skipped(_ rules: RuleSet, _ connection: Database) throws -> [(rule: String, reason: String)] {
        try rules.entries.compactMap { entry in
            try missing(entry.card, connection).map { (entry.card.name, "no \($0) logs were read") }
        }
    }

    /// The service of which the rule needs logs that are not there.
    private static func missing(_ card: RuleCard, _ connection: Database) throws -> String? {
        for service in card.needs where service == "dps" || service == "hub" {
            let found = try Bool.fetchOne(
                connection,
                sql: "SELECT EXISTS (SELECT 1 FROM context WHERE service = ?)",
                arguments: [service]
            )
            if found != true { return service == "dps" ? "DPS" : "hub" }
        }
        return nil
    }
}
