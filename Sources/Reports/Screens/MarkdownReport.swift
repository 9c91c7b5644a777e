import AzureLogs
import Correlation
import EventStore
import Findings

/// The report as Markdown, for tickets and wikis.
public enum MarkdownReport {
    /// Renders a report.
    public static func render(_ data: ReportData) -> String {
        let headline = data.night.map { NightLines(data: data, report: $0).headline } ?? data.absence?.text
        var out = "# dpslens report\(headline.map { ": \(escape($0))" } ?? "")\n\n"
        for note in data.notes { out += "**\(escape(note))**\n\n" }
        if let night = data.night { out += self.night(NightLines(data: data, report: night)) }
        let fleet = data.fleet
        for line in NumbersOf.lines(fleet) { out += escape(line) + "\n\n" }
        if let first = fleet.first, let last = fleet.last {
            out +=
                "Events from \(Timestamp.format(microseconds: first)) to \(Timestamp.format(microseconds: last)).\n\n"
        }
        out += "| | |\n| --- | --- |\n"
        func row(_ name: String, _ value: String) { out += "| \(name) | \(escape(value)) |\n" }
        func words(_ counts: [FleetSummary.Count]) -> String {
            counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        }
        row("registrations", "\(fleet.registrations)")
        row("devices at hubs", "\(fleet.devices)")
        row("DPS said", words(fleet.outcomes))
        row("then", words(fleet.journeys))
        row("contacts", words(fleet.contacts))
        row("explained errors", words(fleet.explained))
        row("unexplained errors", "\(fleet.unexplained)")
        if let errors = data.errors { row("errors", Accounting.errors(errors)) }
        row(
            data.night == nil ? "balance" : "balance of all nights",
            String(Accounting.balance(data.status.totals).dropLast())
        )
        for reason in data.incomplete { row("INCOMPLETE", reason) }
        for gap in fleet.gaps { row("cannot tell", gap) }
        for item in data.skipped { row("not asked", "\(item.rule): \(item.reason)") }
        if !data.incidents.isEmpty { out += "\n## Incidents\n\n" }
        for incident in data.incidents.prefix(50) {
            out += "- **\(incident.severity.rawValue)**: \(escape(incident.title))\n"
            for line in IncidentScreen.facts(incident) { out += "    - \(escape(line))\n" }
        }
        if data.incidents.count > 50 { out += "- and \(data.incidents.count - 50) more\n" }
        out += "\n## Findings\n\n"
        if data.causes.isEmpty { return out + (data.absence == nil ? "None.\n" : "Nothing was judged.\n") }
        for cause in data.causes {
            out += "### \(cause.severity.rawValue): \(escape(cause.title)) (`\(cause.rule)`)\n\n"
            out += "\(cause.findings.count) findings. Fix: \(escape(cause.fix))\n\n"
            for finding in cause.findings.prefix(20) {
                let places = finding.evidence.map(escape).joined(separator: "; ")
                out += "- \(escape(finding.summary)) (\(finding.confidence))\(places.isEmpty ? "" : "; \(places)")\n"
            }
            if cause.findings.count > 20 { out += "- and \(cause.findings.count - 20) more\n" }
            out += "\n"
        }
        return out
    }

    /// The beginning of a night's report.
    private static func night(_ lines: NightLines) -> String {
        var out = "| | |\n| --- | --- |\n"
        for fact in lines.facts { out += "| \(fact.name) | \(escape(fact.value)) |\n" }
        for section in lines.sections {
            out += "\n## \(escape(section.title))\n\n"
            for line in section.lines { out += "- \(escape(line))\n" }
        }
        return out + "\n## In numbers\n\n"
    }

    /// Text from logs that Markdown and HTML leave as text.
    ///
    /// Renderers make links of bare addresses (GitHub Flavored Markdown, section 6.9), so what they know these by is escaped, too.
    static func escape(_ text: String) -> String {
        var out = ""
        for scalar in TerminalText.safe(text).unicodeScalars {
            switch scalar {
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "&": out += "&amp;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~", "@":
                out += "\\" + String(Character(scalar))
            default: out.unicodeScalars.append(scalar)
            }
        }
        for scheme in ["://", "mailto:", "xmpp:"] {
            out.replace(scheme, with: scheme.replacing(":", with: "\\:"))
        }
        return out.replacing(#/(www)\./#.ignoresCase()) { "\($0.output.1)\\." }
    }
}

/// The report as JSON.
public enum JSONReport {
    /// Renders a report: the fleet in numbers, the balance, and every finding.
    public static func render(_ data: ReportData) -> String {
        func counts(_ counts: [FleetSummary.Count]) -> String {
            "{" + counts.map { "\(DataText.string($0.name)):\($0.count)" }.joined(separator: ",") + "}"
        }
        func time(_ time: Int64?) -> String { time.map { "\"\(Timestamp.format(microseconds: $0))\"" } ?? "null" }
        let fleet = data.fleet
        var out = "{\n"
        out += "\"first\":\(time(fleet.first)),\n\"last\":\(time(fleet.last)),\n"
        out += "\"registrations\":\(fleet.registrations),\n\"devices\":\(fleet.devices),\n"
        out += "\"outcomes\":\(counts(fleet.outcomes)),\n\"journeys\":\(counts(fleet.journeys)),\n"
        out += "\"contacts\":\(counts(fleet.contacts)),\n\"explained\":\(counts(fleet.explained)),\n"
        out += "\"unexplained\":\(fleet.unexplained),\n"
        if let errors = data.errors {
            out +=
                "\"errors\":{\"total\":\(errors.total),\"explained\":\(errors.explained),\"inFindings\":\(errors.named),"
            out += "\"transient\":\(errors.transient),\"tooFew\":\(errors.few)},\n"
        }
        out += "\"accounting\":\(Accounting.object(data.status.totals)),\n"
        if let absence = data.absence { out += "\"nothing\":\(DataText.string(absence.text)),\n" }
        if !data.notes.isEmpty { out += "\"notes\":[\(data.notes.map(DataText.string).joined(separator: ","))],\n" }
        if let night = data.night?.night {
            out +=
                "\"night\":{\"date\":\"\(night.date)\",\"from\":\(time(night.window.from)),\"to\":\(time(night.window.to)),"
            out += "\"silent\":\(night.isSilent)},\n"
        }
        if let pruned = fleet.prunedBefore { out += "\"prunedBefore\":\(time(pruned)),\n" }
        if !data.incomplete.isEmpty {
            out += "\"incomplete\":[\(data.incomplete.map(DataText.string).joined(separator: ","))],\n"
        }
        if !fleet.gaps.isEmpty {
            out += "\"cannotTell\":[\(fleet.gaps.map(DataText.string).joined(separator: ","))],\n"
        }
        let skipped = data.skipped.map {
            "{\"rule\":\(DataText.string($0.rule)),\"reason\":\(DataText.string($0.reason))}"
        }
        out += "\"skipped\":[\(skipped.joined(separator: ","))],\n"
        out += "\"incidents\":\(DataText.json(IncidentTable.table(data.incidents))),\n"
        out += "\"findings\":\(DataText.json(FindingTable.table(data.findings)))}\n"
        return out
    }
}
