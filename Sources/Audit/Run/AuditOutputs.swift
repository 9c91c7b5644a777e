import AzureLogs
import Correlation
import EventStore
import Findings
import Glibc
import Reports

/// A night's outputs as files: written beside their place, then put there at once.
struct AuditOutputs: Sendable {
    private let configuration: AuditConfiguration
    private let rules: RuleSet
    private let version: String
    private let now: Int64

    init(_ configuration: AuditConfiguration, rules: RuleSet, version: String, now: Int64) {
        self.configuration = configuration
        self.rules = rules
        self.version = version
        self.now = now
    }

    /// What was written and waits for its place.
    struct Draft {
        /// The folder with the files.
        var folder: String
        /// The text for the metrics collector.
        var metrics: String
    }

    /// Writes all files into a new folder beside the night's place.
    ///
    /// - Parameter redactor: takes the names out of all that is written; nil to leave them.
    /// - Throws: `OutputError`; then the folder is gone.
    func write(_ result: AuditResult, _ database: LogDatabase, _ redactor: Redactor?) throws -> Draft {
        try Files.makeFolder(configuration.folder)
        try Files.removeDrafts(in: configuration.folder)
        let draft = "\(configuration.folder)/.\(result.night.date).part-\(getpid())"
        try Files.makeFolder(draft)
        do {
            var data = try data(result, database)
            var findings = result.findings.map(\.finding)
            var shown = result
            if let redactor {
                data = redactor.report(data)
                findings = redactor.findings(findings)
                shown = result.redacted(redactor)
            }
            for format in configuration.formats {
                let text = Export.render(format, data, findings: findings)
                try Files.write(text, to: draft + "/" + format.fileName)
            }
            try Files.write(shown.json, to: draft + "/summary.json")
            return Draft(folder: draft, metrics: PrometheusExport.render(data, findings: findings))
        } catch {
            Files.remove(draft)
            throw error
        }
    }

    /// Puts the folder in its place, points `latest` to it, and writes the metrics.
    func publish(_ draft: Draft, _ result: AuditResult) throws {
        let place = result.folder
        let old = "\(configuration.folder)/.\(result.night.date).old-\(getpid())"
        if access(place, F_OK) == 0 { try Files.rename(place, to: old) }
        try Files.rename(draft.folder, to: place)
        Files.remove(old)
        let link = "\(configuration.folder)/.latest-\(getpid())"
        unlink(link)
        guard symlink(result.night.date, link) == 0 else { throw OutputError(link) }
        try Files.rename(link, to: configuration.folder + "/latest")
        guard let file = configuration.prometheusFile else { return }
        try OutputFile(file).write(draft.metrics)
    }

    /// Removes a folder that was not published.
    func discard(_ draft: Draft) { Files.remove(draft.folder) }

    /// Removes the folders of nights that are older than is kept.
    func removeOld(before date: String, _ now: Int64) throws {
        guard let keep = configuration.keepReports else { return }
        let oldest = String(Timestamp.format(microseconds: now - keep).prefix(10))
        for name in try Files.names(in: configuration.folder) where Self.isDate(name) && name < min(oldest, date) {
            Files.remove(configuration.folder + "/" + name)
        }
    }

    static func isDate(_ name: String) -> Bool {
        name.utf8.count == 10 && Timestamp.parse(name + "T00:00:00Z") != nil
    }

    private func data(_ result: AuditResult, _ database: LogDatabase) throws -> ReportData {
        var data = ReportData(
            fleet: try FleetSummary.load(database),
            status: try StoreStatus.load(database),
            findings: result.findings.map(\.finding).filter { $0.status != "resolved" },
            skipped: result.skipped,
            titles: rules.titles,
            databaseArgument: " --db \(configuration.database)"
        )
        data.incidents = result.incidents
        data.rules = rules.entries.map(\.card)
        data.coverage = try CoverageRun.load(database)
        data.version = version
        data.asOf = now
        data.absence = result.absence
        data.incomplete = result.incomplete
        data.isIncomplete = !result.incomplete.isEmpty
        return data
    }
}
