import AzureLogs
public import EventStore
public import Findings

/// Incidents as rows, for programs.
public enum IncidentTable {
    /// The columns in their order.
    public static let columns = [
        "incident", "severity", "family", "title", "attribute", "value", "struck", "population", "struck_outside",
        "population_outside", "lift", "onset", "end", "findings", "rules", "changes",
    ]

    /// The incidents as rows in the order given.
    public static func table(_ incidents: [Incident]) -> ResultTable {
        ResultTable(columns: columns, rows: incidents.map(row))
    }

    private static func row(_ incident: Incident) -> [Cell] {
        func time(_ value: Int64?) -> Cell { value.map { .text(Timestamp.format(microseconds: $0)) } ?? .null }
        let changes = incident.changes.map { change in
            "\(Timestamp.format(microseconds: change.time)) \(change.operation) \(change.enrollment ?? "")"
        }
        return [
            .text(incident.id), .text(incident.severity.rawValue), .text(incident.family), .text(incident.title),
            .text(incident.attribute), .text(incident.value), .integer(Int64(incident.struck)),
            .integer(Int64(incident.population)), .integer(Int64(incident.struckOutside)),
            .integer(Int64(incident.populationOutside)),
            incident.lift.map { .real(($0 * 10).rounded() / 10) } ?? .null, time(incident.onset), time(incident.end),
            .integer(Int64(incident.findings.count)), .text(incident.rules.joined(separator: ";")),
            .text(changes.joined(separator: ";")),
        ]
    }
}

/// Incidents for a terminal.
public enum IncidentScreen {
    /// The list, worst first.
    ///
    /// - Parameters:
    ///   - databaseArgument: ` --db FILE` for the command that is named, or empty.
    ///   - absence: why there was nothing to judge; it takes the place of "no incidents".
    public static func list(
        _ incidents: [Incident],
        width: Int?,
        databaseArgument: String,
        absence: RecordAbsence? = nil
    ) -> String {
        var out = absence.map { "dpslens: \($0.text)\n" } ?? ""
        if incidents.isEmpty { return absence == nil ? "No incidents.\n" : out }
        for incident in incidents { out += head(incident, width) }
        return out + "\nNext: dpslens incidents show \(incidents[0].id)\(TerminalText.safe(databaseArgument))\n"
    }

    /// Severity, title and facts; on a terminal no line is wider than that, and in a pipe none is broken.
    private static func head(_ incident: Incident, _ width: Int?) -> String {
        let title = "\(incident.severity.rawValue.uppercased())  \(TerminalText.safe(incident.title))"
        guard let width else {
            return title + "\n" + facts(incident).map { "    \(TerminalText.safe($0))\n" }.joined()
        }
        var out = ""
        for (index, line) in TextWrapping.lines(title, width - 2).enumerated() {
            out += (index == 0 ? "" : "  ") + line + "\n"
        }
        for fact in facts(incident) {
            for line in TextWrapping.lines(TerminalText.safe(fact), width - 4) { out += "    \(line)\n" }
        }
        return out
    }

    /// What is known of an incident, a line each.
    static func facts(_ incident: Incident) -> [String] {
        let counts = incident.rules.map { "\(incident.counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
        var lines = ["\(incident.id)  \(Words.count(incident.findings.count, "finding")): \(counts)"]
        if let contrast = contrast(incident) { lines.append(contrast) }
        if let onset = incident.onset {
            let end = incident.end.map { " until \(Clock.seconds($0))" } ?? ""
            lines.append("since \(Clock.seconds(onset))\(end)")
        }
        for change in incident.changes {
            let whom = change.enrollment.map { " of \($0)" } ?? ""
            lines.append(
                "before: \(change.operation)\(whom) at \(Clock.seconds(change.time)) (\(change.evidence))"
            )
        }
        if !incident.fix.isEmpty { lines.append("fix: \(incident.fix)") }
        return lines
    }

    /// The struck against the spared, nil where nothing sets them apart.
    static func contrast(_ incident: Incident) -> String? {
        guard incident.population > 0 else { return nil }
        let words = incident.attribute.split(separator: "-").joined(separator: " ")
        let lift = incident.lift.map { ", \(Words.times(Int($0.rounded()))) as often" } ?? ""
        return "\(incident.struck) of \(incident.population) devices in \(words) \(incident.value),"
            + " \(incident.struckOutside) of \(incident.populationOutside) outside\(lift)"
    }

    /// One incident with its findings.
    public static func show(
        _ incident: Incident,
        _ findings: [Finding],
        width: Int?,
        databaseArgument: String
    ) -> String {
        var out = head(incident, width) + "\n"
        let digits = FindingsScreen.idDigits(findings.map(\.id))
        let rows: [[Cell]] = findings.prefix(50).map { finding in
            [
                .text(String(finding.id.prefix(digits))), .text(finding.rule), .text(finding.subject),
                .integer(Int64(finding.occurrences)), .text(finding.status),
                .text(finding.firstSeen.map { Clock.seconds($0) } ?? ""), .text(finding.reason),
            ]
        }
        let columns = ["finding", "rule", "subject", "times", "status", "first seen", "reason"]
        out += TableText.render(
            ResultTable(columns: columns, rows: rows),
            width: width,
            keeping: ["finding", "rule", "subject", "times", "status", "first seen"]
        )
        if findings.count > 50 {
            out +=
                "and \(findings.count - 50) more: dpslens findings --incident \(incident.id)\(TerminalText.safe(databaseArgument))\n"
        }
        for line in ReportData.Cause.registry(findings) {
            out += "\n"
            for part in TextWrapping.lines(TerminalText.safe("Registry: " + line), width ?? 100) { out += part + "\n" }
        }
        var said = Set<String>()
        for finding in findings where said.insert(finding.rule).inserted {
            let fix = "Fix (\(finding.rule)): \(TerminalText.safe(finding.fix))"
            out += "\n" + (width.map { TextWrapping.lines(fix, $0) } ?? [fix]).joined(separator: "\n") + "\n"
        }
        if let device = findings.first(where: { $0.subjectKind == "device" }) {
            out += "\nNext: dpslens device \(Shell.quoted(device.subject))\(TerminalText.safe(databaseArgument))\n"
        }
        return out
    }
}
