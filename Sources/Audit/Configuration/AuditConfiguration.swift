import AzureLogs
import Basics
public import Correlation
public import EventStore
public import Reports

/// What the nightly audit does, with every path and number in place.
public struct AuditConfiguration: Sendable {
    /// The database.
    public var database: String
    /// What is read.
    public var inputs: [String]
    /// Microseconds.
    public var window: Int64
    /// Microseconds.
    public var overlap: Int64
    /// The folder of the nights' folders.
    public var folder: String
    /// The formats that are written.
    public var formats: [ExportFormat]
    /// The mode of the outputs' files; nil for what the umask leaves.
    public var mode: UInt32?
    /// A file beside the nights' folders, for a metrics collector.
    public var prometheusFile: String?
    /// How dates are read that their file leaves open, and times that are marked as local.
    public var ingest: IngestOptions
    /// How long events are kept, microseconds; nil for good.
    public var keepEvents: Int64?
    /// How long nights' folders are kept, microseconds; nil for good.
    public var keepReports: Int64?
    /// Folders with rules.
    public var ruleFolders: [String]
    /// Values of rules' parameters by `rule.parameter`.
    public var parameters: [String: Int]
    /// How long a rule may take, microseconds; nil for the standard.
    public var ruleTime: Int64?
    /// The file of suppressions.
    public var suppressions: String?
    /// The file of what DPS knows.
    public var registry: String?
    /// The file of group keys that the registry does not show.
    public var groupKeys: String?
    /// The file of devices' requests.
    public var requests: String?
    /// `none`, `new` or a severity.
    public var failOn: String
    /// The share of rejected records beyond which a night is incomplete, in percent.
    public var rejectedLimit: Double?
    /// DPS instances and hubs whose logs must cover the window.
    public var requiredStreams: [String]
    /// The key of the pseudonyms.
    public var redactKeyFile: String?
    /// The spans of the correlation.
    public var correlation: CorrelationConfiguration

    /// The limits of rules, with the configured time in the place of the standard's.
    public func ruleLimits(_ standard: StatementLimits) -> StatementLimits {
        StatementLimits(seconds: ruleTime.map { Double($0) / 1_000_000 } ?? standard.seconds, rows: standard.rows)
    }

    /// Makes a configuration of values that were checked.
    ///
    /// - Parameter folder: what relative paths are taken from.
    public init(_ values: [ConfigurationValue], relativeTo base: String) {
        let byName = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0) })
        func path(_ text: String) -> String {
            text.hasPrefix("/") || text == "-" || base.isEmpty ? text : base + "/" + text
        }
        func one(_ name: String) -> String? { byName[name]?.texts.first }
        func all(_ name: String) -> [String] { byName[name]?.texts ?? [] }
        func span(_ name: String) -> Int64? { one(name).flatMap(TimeSpan.microseconds) }
        database = path(one("database") ?? "dpslens.db")
        inputs = all("inputs").map(path)
        window = span("window") ?? 0
        overlap = span("overlap") ?? 0
        self.folder = path(one("outputs.folder") ?? "")
        formats = all("outputs.formats").compactMap(ExportFormat.init)
        mode = one("outputs.mode").flatMap { UInt32($0, radix: 8) }
        prometheusFile = one("outputs.prometheus_file").map(path)
        ingest = IngestOptions()
        ingest.dateOrder = one("dates.order").flatMap(DateOrder.init)
        ingest.timeZone = one("dates.time_zone").flatMap(ZoneNames.zone)
        keepEvents = span("retention.events")
        keepReports = span("retention.reports")
        ruleFolders = all("rules.folders").map(path)
        ruleTime = span("rules.timeout")
        parameters = [:]
        for entry in all("rules.parameters") {
            let parts = entry.split(separator: "=")
            if parts.count == 2, let number = Int(parts[1]) { parameters[String(parts[0])] = number }
        }
        suppressions = one("suppressions").map(path)
        registry = one("registry").map(path)
        groupKeys = one("group_keys").map(path)
        requests = one("requests").map(path)
        failOn = one("fail_on") ?? "none"
        rejectedLimit = one("limits.rejected").flatMap(Double.init)
        requiredStreams = all("limits.streams").map { $0.lowercased() }
        redactKeyFile = one("redact_key_file").map(path)
        correlation = CorrelationConfiguration()
        correlation.connectWindow = span("correlation.connect_window") ?? correlation.connectWindow
        correlation.attemptGap = span("correlation.attempt_gap") ?? correlation.attemptGap
        correlation.skew = span("correlation.clock_skew") ?? correlation.skew
    }
}
