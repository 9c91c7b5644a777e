import AzureLogs
public import EventStore
public import Findings

/// Findings as a table for a terminal.
public enum FindingsScreen {
    /// Renders findings with the columns that a person needs first.
    ///
    /// - Parameters:
    ///   - width: columns of the terminal; nil for as wide as it takes.
    ///   - databaseArgument: ` --db FILE` for the command that is named, or empty.
    ///   - absence: why there was nothing to judge; it takes the place of "no findings".
    public static func render(
        _ findings: [Finding],
        skipped: [(rule: String, reason: String)],
        width: Int?,
        databaseArgument: String = "",
        absence: RecordAbsence? = nil
    ) -> String {
        var out = absence.map { "dpslens: \($0.text)\n" } ?? ""
        if findings.isEmpty {
            out += absence == nil ? "No findings.\n" : ""
        } else {
            let digits = idDigits(findings.map(\.id))
            let rows: [[Cell]] = findings.map { finding in
                [
                    .text(String(finding.id.prefix(digits))), .text(finding.severity.rawValue), .text(finding.rule),
                    .text(finding.subject), .integer(Int64(finding.occurrences)), .text(finding.confidence),
                    .text(finding.status), .text(finding.lastSeen.map { Clock.seconds($0) } ?? ""),
                    .text(finding.reason),
                ]
            }
            let columns = [
                "finding", "severity", "rule", "subject", "times", "confidence", "status", "last seen", "reason",
            ]
            out += TableText.render(
                ResultTable(columns: columns, rows: rows),
                width: width,
                keeping: ["finding", "severity", "rule", "subject", "times", "confidence", "status", "last seen"]
            )
            out += "\nNext: dpslens evidence \(findings[0].id.prefix(digits))\(TerminalText.safe(databaseArgument))\n"
        }
        if !skipped.isEmpty { out += "\n" }
        for item in skipped { out += "not checked: \(item.rule) (\(TerminalText.safe(item.reason)))\n" }
        return out
    }

    /// How many digits of the ids tell them apart, at least eight.
    static func idDigits(_ ids: [String]) -> Int {
        var digits = 8
        while digits < 16, Set(ids.map { $0.prefix(digits) }).count < Set(ids).count { digits += 2 }
        return digits
    }
}

/// Times as people read them.
enum Clock {
    /// UTC in whole seconds, with `Z`.
    static func seconds(_ time: Int64) -> String {
        let rest = time % 1_000_000
        return Timestamp.format(microseconds: time - (rest < 0 ? rest + 1_000_000 : rest))
    }
}
