import AzureLogs
import EventStore
public import Findings

/// Findings as a table for a terminal.
public enum FindingsScreen {
    /// Renders findings with the columns that a person needs first.
    public static func render(_ findings: [Finding], skipped: [(rule: String, reason: String)], width: Int) -> String {
        var out = ""
        if findings.isEmpty {
            out += "No findings.\n"
        } else {
            let rows: [[Cell]] = findings.map { finding in
                [
                    .text(finding.severity.rawValue), .text(finding.rule), .text(finding.subject),
                    .integer(Int64(finding.occurrences)), .text(finding.confidence),
                    .text(finding.lastSeen.map { Timestamp.format(microseconds: $0) } ?? ""), .text(finding.reason),
                ]
            }
            let columns = ["severity", "rule", "subject", "times", "confidence", "last seen", "reason"]
            out += TableText.render(ResultTable(columns: columns, rows: rows), width: width)
        }
        for item in skipped { out += "not asked: \(item.rule) (\(item.reason))\n" }
        return out
    }
}
