public import Correlation
public import EventStore
public import Findings

/// Everything that a report shows: data in, text out.
public struct ReportData: Sendable {
    /// The fleet in numbers.
    public var fleet: FleetSummary
    /// The database in numbers.
    public var status: StoreStatus
    /// The findings to show, in total order.
    public var findings: [Finding]
    /// The incidents that the findings are part of, in total order.
    public var incidents: [Incident] = []
    /// Rules that were not run.
    public var skipped: [(rule: String, reason: String)]
    /// The titles of the rules by their names.
    public var titles: [String: String]
    /// What to give to commands so that they find this database.
    public var databaseArgument: String
    /// All rules that were there to be asked, in the order of their names.
    public var rules: [RuleCard] = []
    /// For which hours logs were read, in total order.
    public var coverage: [CoverageRun] = []
    /// This build.
    public var version = ""
    /// The numbers behind the charts; nil where they were not read.
    public var charts: FleetCharts?
    /// What incidents open to, by their ids; empty where it was not read.
    public var details: [String: IncidentDetail] = [:]
    /// The records that findings cite, by the findings' ids: of the first of each rule, until the page is full.
    public var records: [String: [EvidenceRecord]] = [:]
    /// What was changed through the service API in the time of the charts, oldest first, the newest of it.
    public var changes: [Incident.Change] = []
    /// How many changes there were.
    public var changeCount = 0
    /// Whether names were taken out, and raw records with them.
    public var isRedacted = false
    /// The time that was asked for; nil for all that there is.
    public var window: ReportWindow?
    /// The options that chose what is shown, as they were given.
    public var options = ""
    /// The time that the findings speak of, microseconds since 1970; nil if none was handed in.
    public var asOf: Int64?
    /// What became of every error; nil where nobody counted.
    public var errors: ErrorAccount?
    /// Why the findings must not be read as the whole; empty if nothing is missing.
    public var incomplete: [String] = []
    /// Whether something is missing; nil where nobody judged that.
    public var isIncomplete: Bool?

    /// Why there is nothing to judge; nil if there is something.
    public var absence: RecordAbsence?
    /// What a reader must know before anything else, each as one sentence: that two fleets are in one database.
    public var notes: [String] = []
    /// The night that the report is of; nil for a report of anything else.
    public var night: NightReport?

    /// The data of a report.
    public init(
        fleet: FleetSummary,
        status: StoreStatus,
        findings: [Finding],
        skipped: [(rule: String, reason: String)],
        titles: [String: String],
        databaseArgument: String
    ) {
        self.fleet = fleet
        self.status = status
        self.findings = findings
        self.skipped = skipped
        self.titles = titles
        self.databaseArgument = databaseArgument
    }

    /// Reads what a page lets open: what incidents and findings rest on, and what was changed.
    ///
    /// - Parameters:
    ///   - all: all findings of the database, also those that are not shown.
    ///   - range: the time of the charts, microseconds since 1970; nil for all.
    /// - Throws: `DatabaseError`.
    public mutating func readDetails(
        of all: [Finding],
        between range: ClosedRange<Int64>?,
        from database: LogDatabase
    ) throws {
        details = try IncidentDetail.load(incidents, findings, of: all, from: database)
        records = try FindingRecords.load(findings, from: database)
        (changes, changeCount) = try Incident.Change.newest(Self.mostChanges, in: range, from: database)
    }

    /// The most changes that are drawn.
    private static let mostChanges = 500

    /// The findings of one rule, told as one cause.
    struct Cause {
        var rule: String
        var title: String
        var severity: Severity
        var findings: [Finding]
        var fix: String

        /// What a registry says of these findings.
        var registry: [String] { Self.registry(findings) }

        /// What a registry says of findings, most often said first: a line for each mistake, at most three.
        static func registry(_ findings: [Finding]) -> [String] {
            let said = Dictionary(grouping: findings.compactMap { $0.diagnosis?.first }, by: \.mistake)
            let ordered = said.values.sorted {
                ($1.count, $0.first?.mistake ?? "") < ($0.count, $1.first?.mistake ?? "")
            }
            return ordered.prefix(3).compactMap { list in
                // The words of most of them stand for all.
                let words = Dictionary(grouping: list, by: \.explanation).values.max {
                    ($0.count, $1.first?.explanation ?? "") < ($1.count, $0.first?.explanation ?? "")
                }
                guard let first = words?.first else { return nil }
                let isOne = list.allSatisfy { $0.explanation == first.explanation }
                let count = findings.count > 1 ? "\(list.count) of \(findings.count): " : ""
                return "\(count)\(isOne ? "" : "for example ")\(first.explanation) (\(first.confidence))"
            }
        }
    }

    /// The fix of most findings; a registry may have told some of them another one.
    private static func commonFix(_ findings: [Finding]) -> String {
        Dictionary(grouping: findings, by: \.fix).max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? ""
    }

    /// The causes, worst first, then those with most findings.
    var causes: [Cause] {
        var byRule: [String: [Finding]] = [:]
        for finding in findings { byRule[finding.rule, default: []].append(finding) }
        return byRule.map { rule, findings in
            Cause(
                rule: rule,
                title: titles[rule] ?? rule,
                severity: findings.map(\.severity).max() ?? .informational,
                findings: findings,
                fix: Self.commonFix(findings)
            )
        }.sorted {
            if $0.severity != $1.severity { return $0.severity > $1.severity }
            return ($1.findings.count, $0.rule) < ($0.findings.count, $1.rule)
        }
    }
}
