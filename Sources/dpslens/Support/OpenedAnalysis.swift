import Correlation
import EventStore
import Findings
import Reports

/// A database that is up to date, with what its rules and a registry say.
struct OpenedAnalysis {
    let plan: PlannedAnalysis
    let database: LogDatabase
    let result: AnalysisResult
    /// What takes the names out of what is shown; nil where names stay.
    let redactor: Redactor?

    /// The most records for which a terminal's report reads each event once more, for its timeline.
    private static let small = 200_000

    /// What to give to other commands so that they find the same database: ` --db FILE`, or empty.
    var databaseArgument: String {
        let shown = plan.options.database.shown
        return redactor?.databaseArgument(shown) ?? shown
    }

    /// The incidents as they are shown.
    var incidents: [Incident] { redactor?.incidents(result.incidents) ?? result.incidents }

    /// What a report shows, without names where they are taken out.
    ///
    /// - Parameters:
    ///   - charts: how much of the numbers behind the charts is read; nil for none.
    ///   - details: whether it is also read what incidents open to.
    func reportData(
        options: FindingOptions,
        charts: FleetCharts.Depth? = nil,
        details: Bool = false
    ) throws -> ReportData {
        let rules = plan.rules
        let shownFindings = try options.marked(result.findings, rules).filter(options.filter().admits)
        let ids = Set(shownFindings.map(\.id))
        let range = try options.range(of: database)
        var data = ReportData(
            fleet: try FleetSummary.load(database, in: options.span()),
            status: try StoreStatus.load(database),
            findings: shownFindings,
            skipped: result.skipped,
            titles: rules.titles,
            databaseArgument: plan.options.database.shown
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
        return redactor?.report(data) ?? data
    }
}
