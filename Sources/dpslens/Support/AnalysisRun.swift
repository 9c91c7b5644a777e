public import ArgumentParser
import Correlation
import EventStore
public import Findings
import Glibc
import LogIngest
import Reports

/// Rules of a run: the built-in ones, a user's own, and changed values.
struct RuleOptions: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A folder with rules of your own.", valueName: "folder"))
    var rules: [String] = []

    @OptionGroup var limits: RuleLimitOptions

    /// The rules.
    ///
    /// - Throws: `InvalidInput` (exit 4) for a rule that cannot be used.
    func load() throws -> RuleSet { try Self.load(rules, limits.limits()) }

    /// The built-in rules and those of folders.
    ///
    /// - Throws: `InvalidInput` (exit 4) for a rule that cannot be used.
    static func load(_ folders: [String], _ limits: StatementLimits) throws -> RuleSet {
        do {
            let own = try folders.flatMap { try RuleFolder.sources($0) }
            var rules = try RuleSet.builtIn(and: own)
            rules.limits = limits
            try check(rules, Set(own.map(\.file)))
            return rules
        } catch let error as RuleError {
            throw InvalidInput(error.description)
        }
    }
}

extension RuleOptions {
    /// Holds rules that others wrote to the documented views.
    ///
    /// - Throws: `InvalidInput` (exit 4) that says what a rule does instead.
    private static func check(_ rules: RuleSet, _ files: Set<String>) throws {
        if files.isEmpty { return }
        let statements = try StatementGuard()
        for entry in rules.entries where files.contains(entry.file) {
            if let complaint = try statements.complaint(entry.card.sql, .views) {
                throw InvalidInput("\(entry.file): the SELECT \(complaint)")
            }
        }
    }
}

/// Rule files of a folder.
enum RuleFolder {
    /// The files `NAME.sql` and the cases beside them, in the order of their names.
    static func sources(_ folder: String) throws -> [RuleSet.Source] {
        let files = try InputFiles.list([folder]).filter { $0.hasSuffix(".sql") }
        if files.isEmpty { throw InvalidInput("\(folder): there is no rule (NAME.sql) in this folder") }
        return try files.map { path in
            let cases = String(path.dropLast(4)) + ".cases.json"
            return RuleSet.Source(
                file: path,
                sql: try TextFile.read(path),
                cases: access(cases, F_OK) == 0 ? try TextFile.read(cases) : nil
            )
        }
    }
}

/// Which findings are shown, and which fail a run.
struct FindingOptions: ParsableArguments {
    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("Only what was seen since: RFC 3339, a date, or -24h.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var since: TimeArgument?

    @Option(
        name: .long,
        parsing: .unconditional,
        help: ArgumentHelp("Only what was seen until: RFC 3339, a date, or -24h.", valueName: "time"),
        transform: TimeArgument.parse
    )
    var until: TimeArgument?

    @Option(
        name: .long,
        help: ArgumentHelp("Leave out milder ones: informational, low, medium, high, critical.", valueName: "severity")
    )
    var minSeverity: Severity?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Exit 1 when a finding is at least this bad: none, a severity, or new.",
            discussion: "`new`: new or reopened since the last audit, and worse than informational.",
            valueName: "severity"
        )
    )
    var failOn = FailLevel.none

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file of suppressions: what it covers is shown as such and never fails.",
            valueName: "file"
        )
    )
    var suppressions: String?

    /// The findings with those that are covered marked as suppressed, now.
    func marked(_ findings: [Finding], _ rules: RuleSet) throws -> [Finding] {
        guard let suppressions else { return findings }
        let now = TimeArgument.now()
        let active = try Suppressions.load(suppressions, rules).filter { $0.holds(at: now) }
        return findings.map { finding in
            var finding = finding
            if active.contains(where: { $0.matches(finding) }) { finding.status = "suppressed" }
            return finding
        }
    }

    /// The time that was asked for, microseconds since 1970; nil for all.
    func span() -> Range<Int64>? {
        let filter = filter()
        if filter.since == nil, filter.until == nil { return nil }
        let since = max(0, filter.since ?? 0)
        return since..<max(since, filter.until ?? .max)
    }

    /// What there is nothing of in the time that is asked for; nil if there are records.
    func absence(_ database: LogDatabase) throws -> RecordAbsence? {
        let filter = filter()
        return try RecordAbsence.of(database, from: filter.since, to: filter.until)
    }

    /// The time that is asked for, cut to the records there are; nil for all of it.
    func range(of database: LogDatabase) throws -> ClosedRange<Int64>? {
        let filter = filter()
        if filter.since == nil, filter.until == nil { return nil }
        let status = try StoreStatus.load(database)
        let from = filter.since ?? status.first ?? 0
        return from...max(from, filter.until ?? status.last ?? from)
    }

    /// The options that choose what is shown, as they were given.
    var shown: String { minSeverity.map { "--min-severity \($0.rawValue)" } ?? "" }

    /// The filter for the findings.
    func filter() -> FindingFilter {
        let now = TimeArgument.now()
        return FindingFilter(
            since: since?.microseconds(now: now),
            until: until?.microseconds(now: now),
            minSeverity: minSeverity
        )
    }
}

extension Severity: ExpressibleByArgument {}

/// From which severity on a run fails.
enum FailLevel: ExpressibleByArgument, Equatable {
    case none
    case new
    case severity(Severity)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if argument == "new" {
            self = .new
        } else if let severity = Severity(rawValue: argument) {
            self = .severity(severity)
        } else {
            return nil
        }
    }

    /// Whether one of the findings is bad enough.
    func isReached(by findings: [Finding]) -> Bool {
        let counted = findings.filter { $0.status != "suppressed" }
        switch self {
        case .none: return false
        case .new:
            return counted.contains { $0.severity > .informational && ($0.status == "new" || $0.status == "reopened") }
        case .severity(let level): return counted.contains { $0.severity >= level }
        }
    }
}

/// A database brought up to date for a command that shows it.
struct AnalysisRun {
    let path: String
    let rules: RuleSet
    let wait: Int
    /// Whether nothing is told on standard error meanwhile.
    var quiet = false

    /// Up to so many records a terminal's report reads each event once more for its timeline.
    private static let small = 200_000

    /// Opens the database and derives what is missing.
    func perform() throws -> (database: LogDatabase, result: AnalysisResult) {
        // Nothing is locked while nothing has to be derived, so that several may look at one database.
        let readOnly = try LogDatabase.open(path, .readOnly)
        if let result = try Analysis.current(readOnly, rules: rules) { return (readOnly, result) }
        let (database, lock) = try Self.derivable(readOnly, path, owner: "dpslens", wait: wait)
        defer { withExtendedLifetime(lock) {} }
        return (database, try refresh(database))
    }

    /// A database in which what is missing can be derived: the one at the path, else a copy that goes with the command.
    ///
    /// - Parameter readOnly: the same database, open for reading.
    /// - Returns: the database, and the lock that is to be held while it is written.
    static func derivable(
        _ readOnly: LogDatabase,
        _ path: String,
        owner: String,
        wait: Int
    ) throws -> (LogDatabase, DatabaseLock?) {
        do {
            let lock = try DatabaseLock(for: path, owner: owner, now: TimeArgument.now(), waiting: wait)
            return (try LogDatabase.open(path), lock)
        } catch let error as StoreError where error.code == .cannotOpen {
            Standard.say("\(error.description); what is missing is derived in a copy, for this command alone")
            return (try readOnly.copied(), nil)
        }
    }

    /// Derives what is missing in a database that is open already.
    ///
    /// - Parameter sweep: one that was made while events were stored.
    func refresh(_ database: LogDatabase, sweep: LiveSweep? = nil) throws -> AnalysisResult {
        let progress = JudgingProgress(isShown: !quiet)
        defer { progress.end() }
        do {
            return try Analysis.refresh(database, rules: rules, live: sweep) { progress.show($0) }
        } catch let error as RuleError {
            throw InvalidInput(error.description)
        }
    }

    /// What a report shows; with a key, without names.
    ///
    /// - Parameters:
    ///   - charts: how much of the numbers behind the charts is read; nil for none.
    ///   - details: whether it is also read what incidents open to.
    func reportData(
        _ database: LogDatabase,
        _ result: AnalysisResult,
        options: FindingOptions,
        shown: String,
        key: RedactionKey? = nil,
        charts: FleetCharts.Depth? = nil,
        details: Bool = false
    ) throws -> ReportData {
        let shownFindings = try options.marked(result.findings, rules).filter(options.filter().admits)
        let ids = Set(shownFindings.map(\.id))
        let range = try options.range(of: database)
        var data = ReportData(
            fleet: try FleetSummary.load(database, in: options.span()),
            status: try StoreStatus.load(database),
            findings: shownFindings,
            skipped: result.skipped,
            titles: rules.titles,
            databaseArgument: shown
        )
        data.incidents = result.incidents.filter { $0.findings.contains(where: ids.contains) }
        data.rules = rules.entries.map(\.card)
        data.coverage = try CoverageRun.load(database)
        data.version = Dpslens.version
        data.asOf = data.fleet.last
        data.absence = try options.absence(database)
        // Of a part of the time, or of what a prune has left, the counts of what is explained are not known.
        if data.fleet.span == nil { data.errors = try ErrorAccount.load(result.findings, rules, database) }
        data.window = range.map { ReportWindow(from: $0.lowerBound, to: $0.upperBound) }
        data.options = options.shown
        if let wanted = charts {
            // Of a small database everything is quick.
            let charts = data.status.totals.stored < Self.small ? .full : wanted
            let devices = charts == .full ? ReportCharts.devices(shownFindings) : []
            data.charts = try FleetCharts.load(database, between: range, devices: devices, depth: charts)
        }
        if details { try data.readDetails(of: result.findings, between: range, from: database) }
        return try Redactor(key, database, result.findings, result.incidents)?.report(data) ?? data
    }
}
