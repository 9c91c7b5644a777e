import Correlation
import EventStore
import Findings
import Reports

extension AuditOutputs {
    /// What a night's reports show.
    func data(_ result: AuditResult, _ database: LogDatabase) throws -> ReportData {
        var data = ReportData(
            fleet: try FleetSummary.load(database, in: result.night.window.from..<result.night.window.to),
            status: try StoreStatus.load(database),
            findings: result.findings.filter(\.state.isFound).map(\.finding),
            skipped: result.skipped,
            titles: rules.titles,
            databaseArgument: " --db \(Shell.quoted(configuration.database))"
        )
        data.incidents = result.incidents
        data.rules = rules.entries.map(\.card)
        data.coverage = try CoverageRun.load(database)
        data.version = version
        data.asOf = result.night.window.to
        data.absence = result.absence
        data.incomplete = result.incomplete
        data.isIncomplete = !result.incomplete.isEmpty
        data.errors = try ErrorAccount.load(data.findings, rules, database, of: data.fleet)
        data.night = NightReport(
            night: result.night,
            ingest: result.ingest,
            findings: result.findings,
            trend: result.trend,
            incidentTrends: result.incidentTrends
        )
        data.night?.judgedAgain = result.judgedAgainBy
        data.night?.readNow = result.readNow
        data.night?.isMadeAgain = result.isMadeAgain
        data.night?.suppressions = result.untidySuppressions
        let isPage = configuration.formats.contains(.html)
        let window = result.night.window.from...max(result.night.window.from, result.night.window.to)
        data.charts = try FleetCharts.load(
            database,
            between: window,
            devices: isPage ? ReportCharts.devices(data.findings, data.rules) : [],
            depth: isPage ? .full : .sparse
        )
        if isPage { try data.readDetails(of: data.findings, between: window, from: database) }
        return data
    }
}
