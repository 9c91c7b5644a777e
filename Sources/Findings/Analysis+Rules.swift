public import EventStore
import GRDB
import Synchronization

extension Analysis {
    /// What rules found: the findings, those that lost records may contradict, and the devices that the logs name.
    struct Found: Sendable {
        var findings: FoundFindings
        var withheld: [WithheldFinding]
        var devices: DeviceTraits
    }

    /// Runs the rules whose logs were read.
    ///
    /// - Parameters:
    ///   - unread: the rules whose logs were not.
    ///   - window: looks at it alone; nil for everything.
    ///   - finished: what is said in the end of a finding that a rule gave.
    static func runRules(
        _ rules: RuleSet,
        except unread: [(rule: String, reason: String)],
        _ overrides: [String: Int],
        in window: AnalysisWindow?,
        _ database: LogDatabase,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in },
        finished: @escaping @Sendable (Finding) -> Finding = { $0 }
    ) throws -> Found {
        let names = Set(unread.map(\.rule))
        let cards = rules.entries.map(\.card).filter { !names.contains($0.name) }
        let doubt = try database.access.read { try RecordsInDoubt($0) }
        let parting = try FindingParting(doubt, cards, overrides)
        let found = try FoundFindings(stop: database.stop)
        let withheld = Mutex([WithheldFinding]())
        let devices = try RuleRuns.run(cards, overrides, rules.limits, in: window, database, progress: progress) {
            batch in
            let (standing, doubtful) = parting.parted(batch)
            withheld.withLock { $0 += doubtful }
            try found.add(standing.map(finished))
        }
        return Found(
            findings: found,
            withheld: withheld.withLock { $0.sorted(by: WithheldFinding.precedes) },
            devices: devices
        )
    }

    /// What the rules find in a window alone, without storing it: a night of a back-test.
    ///
    /// The derived tables must be current (`Correlator.rebuild`), and the caller holds the database's lock, or a copy: the
    /// rules and the incidents are read in two transactions.
    ///
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    public static func backtest(
        in window: AnalysisWindow,
        _ database: LogDatabase,
        rules: RuleSet,
        overrides: [String: Int]? = nil
    ) throws -> AnalysisResult {
        let overrides = try overrides ?? JudgingParameters.kept(in: database).rules
        let unread = try database.access.read { try rulesWithoutLogs(rules, $0) }
        let found = try runRules(rules, except: unread, overrides, in: window, database)
        let (findings, incidents) = try database.access.read {
            try IncidentBuilder.build(found.findings.all(), rules, found.devices, $0)
        }
        return AnalysisResult(
            findings: findings,
            incidents: incidents,
            skipped: unread + WithheldFinding.reasons(found.withheld)
        )
    }

    /// Runs one rule without storing what it finds: what a case asks for.
    ///
    /// - Returns: nothing where the logs that the rule needs are missing, which a case takes as not fired.
    /// - Throws: `RuleError`.
    static func runRule(
        _ card: RuleCard,
        _ overrides: [String: Int],
        _ limits: StatementLimits,
        in database: LogDatabase
    ) throws -> [Finding] {
        try database.access.read { connection in
            if try missing(card, services(connection)) != nil { return [] }
            var found: [Finding] = []
            try RuleRunner.run(card, overrides, limits, database.stop, { try PreparedStatement(connection, $0) }) {
                found.append($0.finding)
            }
            return try FindingParting(RecordsInDoubt(connection), [card], overrides).parted(found).standing
                .sorted(by: Finding.precedes)
        }
    }

    /// The rules that need logs of a service of which none were read.
    static func rulesWithoutLogs(_ rules: RuleSet, _ connection: Database) throws -> [(rule: String, reason: String)] {
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
