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

    init(_ configuration: AuditConfiguration, rules: RuleSet, version: String) {
        self.configuration = configuration
        self.rules = rules
        self.version = version
    }

    /// Writes all files into a new folder beside the night's place.
    ///
    /// - Returns: the folder.
    /// - Throws: `OutputError`; then the folder is gone.
    func write(_ result: AuditResult, _ database: LogDatabase) throws -> String {
        try Files.makeFolder(configuration.folder)
        try Files.removeDrafts(in: configuration.folder)
        let draft = "\(configuration.folder)/.\(result.night.date).part-\(getpid())"
        try Files.makeFolder(draft)
        do {
            let data = try data(result, database)
            let findings = result.findings.map(\.finding)
            for format in configuration.formats {
                let (name, text) = render(format, data, findings, result)
                try Files.write(text, to: draft + "/" + name)
            }
            try Files.write(result.json, to: draft + "/summary.json")
        } catch {
            discard(draft)
            throw error
        }
        return draft
    }

    /// Puts the folder in its place, points `latest` to it, and writes the metrics.
    func publish(_ draft: String, _ result: AuditResult) throws {
        let place = result.folder
        let old = "\(configuration.folder)/.\(result.night.date).old-\(getpid())"
        if access(place, F_OK) == 0 { try Files.rename(place, to: old) }
        try Files.rename(draft, to: place)
        Files.remove(old)
        let link = "\(configuration.folder)/.latest-\(getpid())"
        unlink(link)
        guard symlink(result.night.date, link) == 0 else { throw OutputError(link) }
        try Files.rename(link, to: configuration.folder + "/latest")
        guard let file = configuration.prometheusFile else { return }
        let text = render("prometheus", nil, result.findings.map(\.finding), result).text
        try Files.write(text, to: file + ".part-\(getpid())")
        try Files.rename(file + ".part-\(getpid())", to: file)
    }

    /// Removes a folder that was not published.
    func discard(_ draft: String) { Files.remove(draft) }

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
        return data
    }

    private func render(
        _ format: String,
        _ data: ReportData?,
        _ findings: [Finding],
        _ result: AuditResult
    ) -> (name: String, text: String) {
        switch format {
        case "json": ("findings.json", DataText.json(FindingTable.table(findings)))
        case "jsonl": ("findings.jsonl", DataText.jsonLines(FindingTable.table(findings)))
        case "markdown": ("report.md", data.map(MarkdownReport.render) ?? "")
        case "text":
            ("report.txt", data.map { TerminalReport.render($0, style: Style(color: false), width: 100) } ?? "")
        default: ("findings.csv", DataText.csv(FindingTable.table(findings)))
        }
    }
}
