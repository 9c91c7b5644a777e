import AzureLogs
public import EventStore
public import Findings

/// Findings as a table for a terminal.
public enum FindingsScreen {
    /// Renders findings with the columns that a person needs first.
    ///
    /// - Parameter absence: why there was nothing to judge; it takes the place of "no findings".
    public static func render(
        _ findings: [Finding],
        skipped: [(rule: String, reason: String)],
        width: Int,
        absence: RecordAbsence? = nil
    ) -> String {
        var out = absence.map { "dpslens: \($0.text)\n" } ?? ""
        if findings.isEmpty {
            out += absence == nil ? "No findings.\n" : ""
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
