import AzureLogs
public import EventStore
public import Findings

/// Findings as rows of a timeline for Timesketch: the three columns that it asks for, then those of every export.
public enum TimesketchExport {
    /// The columns in their order.
    public static let columns = ["datetime", "timestamp_desc", "message"] + FindingTable.columns

    /// Two rows a finding: when it was first seen, and when it was last seen.
    public static func table(_ findings: [Finding]) -> ResultTable {
        ResultTable(columns: columns, rows: findings.flatMap(rows))
    }

    /// The rows of a finding.
    ///
    /// A finding without any time, such as one about the files, is one row at the beginning of 1970 that says so: a row without
    /// a time would be refused, and leaving it out would be a loss in silence.
    static func rows(_ finding: Finding) -> [[Cell]] {
        let message = "\(finding.severity.rawValue) \(finding.rule): \(finding.summary)"
        let cells = FindingTable.row(finding)
        func row(_ time: Int64, _ what: String) -> [Cell] {
            [.text(Timestamp.format(microseconds: time)), .text(what), .text(message)] + cells
        }
        let seen = [(finding.firstSeen, "First seen"), (finding.lastSeen, "Last seen")].compactMap { time, what in
            time.map { row($0, what) }
        }
        return seen.isEmpty ? [row(0, "Time not known")] : seen
    }
}
