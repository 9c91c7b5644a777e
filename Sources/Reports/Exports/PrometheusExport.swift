import EventStore
public import Findings

/// Numbers of findings in Prometheus' text format 0.0.4, for the node exporter's textfile collector.
///
/// No label holds an id: the number of series does not grow with the fleet.
public enum PrometheusExport {
    /// What is counted, while findings are read.
    public struct Counts: Sendable {
        fileprivate var findings: [[String]: Int] = [:]
        /// How many incidents there are by their worst severity.
        public var incidents: [Severity: Int] = [:]

        /// Nothing yet.
        public init() {}

        /// Counts a finding.
        public mutating func add(_ finding: Finding) {
            findings[[finding.rule, finding.severity.rawValue, finding.status], default: 0] += 1
        }
    }

    /// Renders the numbers.
    ///
    /// - Parameters:
    ///   - data: incidents, the balance, skipped rules; `asOf` and `isIncomplete` are left out where they are nil.
    ///   - findings: what is counted.
    public static func render(_ data: ReportData, findings: [Finding]) -> String {
        var counts = Counts()
        for finding in findings { counts.add(finding) }
        for incident in data.incidents { counts.incidents[incident.severity, default: 0] += 1 }
        return render(data, counts)
    }

    /// The same of findings and incidents that were counted.
    public static func render(_ data: ReportData, _ counts: Counts) -> String {
        var out = ""
        func family(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            out += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for sample in samples { out += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        family("dpslens_findings", "gauge", "Findings by rule, severity and status.", samples(counts.findings))
        family(
            "dpslens_incidents",
            "gauge",
            "Incidents by their worst severity.",
            Severity.allCases.reversed().map { severity in
                (labels([("severity", severity.rawValue)]), "\(counts.incidents[severity] ?? 0)")
            }
        )
        let totals = data.status.totals
        let fates = [
            ("stored", totals.stored), ("duplicates", totals.duplicates), ("ignored", totals.ignored),
            ("rejected", totals.rejected),
        ]
        family(
            "dpslens_records_total",
            "counter",
            "Records read over all files of the database, by what became of them.",
            fates.map { (labels([("fate", $0.0)]), "\($0.1)") }
        )
        family("dpslens_rules_skipped", "gauge", "Rules that could not be asked.", [("", "\(data.skipped.count)")])
        if let time = data.asOf {
            family(
                "dpslens_last_run_timestamp_seconds",
                "gauge",
                "The time that the findings speak of: an audit's end of the night, else the newest event.",
                [("", "\(Double(time) / 1_000_000)")]
            )
        }
        if let isIncomplete = data.absence == nil ? data.isIncomplete : true {
            family(
                "dpslens_incomplete",
                "gauge",
                "Whether records or streams are missing, so that this must not be read as clean.",
                [("", isIncomplete ? "1" : "0")]
            )
        }
        return out
    }

    private static func samples(_ counts: [[String]: Int]) -> [(labels: String, value: String)] {
        counts.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, count in
            (labels([("rule", key[0]), ("severity", key[1]), ("status", key[2])]), "\(count)")
        }
    }

    /// `{name="value",…}`.
    static func labels(_ labels: [(String, String)]) -> String {
        "{" + labels.map { "\($0.0)=\"\(escape($0.1))\"" }.joined(separator: ",") + "}"
    }

    /// A label's value: backslash, quote and newline are escaped; other controls are written as `\u{…}` before.
    private static func escape(_ text: String) -> String {
        var out = ""
        for scalar in TerminalText.safe(text).unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
