import AzureLogs
import Basics
import Correlation
public import EventStore
import GRDB

/// Says what rules would have said of a fleet's past, night by night, before anybody relies on them.
public enum RuleBacktest {
    /// One rule in one night.
    public struct Night: Sendable, Hashable {
        /// The night's date in UTC.
        public var date: String
        /// The rule.
        public var rule: String
        /// How many findings it would have given.
        public var findings: Int
        /// How many different devices or other subjects they are about.
        public var subjects: Int
        /// How many of the findings no earlier night of this back-test has.
        public var new: Int
    }

    /// How much further back each night looks, as the audit does by default.
    private static let overlap: Int64 = 6 * Microseconds.hour

    /// Runs rules over each day of the events in a database that is up to date (`Analysis.refresh`).
    ///
    /// A night looks at its day and six hours before it. What it does not do: it judges by all logs that are there now,
    /// also those that came too late for the night itself; and a rule that needs logs which are not there says nothing.
    ///
    /// - Parameters:
    ///   - rules: the rules to run.
    ///   - since: the first day is the one that holds this time; microseconds since 1970.
    ///   - until: the last day is the one that holds this time, or the last event if that is earlier.
    /// - Returns: all nights of all rules, also those without a finding, by date and then rule; empty without events.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    public static func nights(
        of rules: RuleSet,
        since: Int64,
        until: Int64,
        overrides: [String: Int]? = nil,
        in database: LogDatabase
    ) throws -> [Night] {
        let (first, last) = try database.access.read { connection in
            (
                try Int64.checkedOne(connection, sql: "SELECT min(time) FROM event"),
                try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event")
            )
        }
        guard let first, let last else { return [] }
        var nights: [Night] = []
        var seen = Set<String>()
        var start = max(since, first)
        start -= start % Microseconds.day
        while start <= min(until, last) {
            let window = AnalysisWindow(from: start - overlap, to: start + Microseconds.day)
            let found = try Analysis.backtest(in: window, database, rules: rules, overrides: overrides).findings
            let byRule = Dictionary(grouping: found, by: \.rule)
            for rule in rules.entries.map(\.card.name) {
                let findings = byRule[rule] ?? []
                nights.append(
                    Night(
                        date: String(Timestamp.format(microseconds: start).prefix(10)),
                        rule: rule,
                        findings: findings.count,
                        subjects: Set(findings.map { $0.subjectKind + "/" + $0.subject }).count,
                        new: findings.count { !seen.contains($0.id) }
                    )
                )
            }
            seen.formUnion(found.map(\.id))
            start += Microseconds.day
        }
        return nights
    }
}
