import Correlation
import EventStore
import Findings
import Reports

/// A database brought up to date for a command that shows it.
struct AnalysisRun {
    let path: String
    let rules: RuleSet
    let wait: Int
    /// Whether nothing is told on standard error meanwhile.
    var quiet = false

    /// Up to so many records a terminal's report reads each event once more for its timeline.
    private static let small = 200_000

    /// Opens the database and derives what is missing, without reading the findings.
    func prepare() throws -> LogDatabase {
        let readOnly = try LogDatabase.open(path, .readOnly)
        if try Analysis.isCurrent(readOnly, rules: rules) { return readOnly }
        let (database, lock) = try Self.derivable(readOnly, path, owner: "dpslens", wait: wait)
        defer { withExtendedLifetime(lock) {} }
        let progress = JudgingProgress(isShown: !quiet)
        defer { progress.end() }
        do {
            try Analysis.update(database, rules: rules) { progress.show($0) }
        } catch let error as RuleError {
            throw InvalidInput(error.description)
        }
        return database
    }

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
        data.errors = try ErrorAccount.load(result.findings, rules, database, of: data.fleet)
        data.window = range.map { ReportWindow(from: $0.lowerBound, to: $0.upperBound) }
        data.options = options.shown
        if let wanted = charts {
            // Of a small database everything is quick.
            let charts = data.status.totals.stored < Self.small ? .full : wanted
            let devices = charts == .full ? ReportCharts.devices(shownFindings, data.rules) : []
            data.charts = try FleetCharts.load(database, between: range, devices: devices, depth: charts)
        }
        if details { try data.readDetails(of: result.findings, between: range, from: database) }
        return try Redactor(key, database, result.findings, result.incidents)?.report(data) ?? data
    }
}
