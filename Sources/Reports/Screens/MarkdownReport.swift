import AzureLogs
import Basics
import Correlation
import EventStore
import Findings

/// The report as Markdown, for tickets and wikis.
public enum MarkdownReport {
    /// The most incidents that are told.
    private static let incidents = 50
    /// The most findings of one rule that are listed.
    private static let findings = 20

    /// Renders a report.
    public static func render(_ data: ReportData) -> String {
        let story = ReportStory(data)
        var out = "# dpslens report\(data.absence.map { ": \(escape($0.text))" } ?? "")\n\n"
        if data.absence == nil { out += "**\(escape(story.verdict.headline))**\n\n" }
        out += "\(escape(story.verdict.detail))\n\n"
        for note in data.notes { out += "**\(escape(note))**\n\n" }
        if let night = data.night { out += self.night(NightLines(data: data, report: night)) }
        for line in NumbersNote.lines(data.fleet) { out += escape(line) + "\n\n" }
        for reason in data.incomplete { out += "**INCOMPLETE:** \(escape(reason))\n\n" }
        out += incidents(story) + funnel(story) + rest(story)
        return out + list(data)
    }

    private static func incidents(_ story: ReportStory) -> String {
        if story.incidents.isEmpty { return "" }
        var out = "## Incidents\n\n"
        for incident in story.incidents.prefix(incidents) {
            out += "- **\(incident.severity.rawValue)**: \(escape(incident.title))\n"
            for line in IncidentScreen.facts(incident.incident) { out += "    - \(escape(line))\n" }
            if !incident.trend.isEmpty { out += "    - \(escape(incident.trend))\n" }
        }
        let more = story.incidents.count - incidents
        return out + (more > 0 ? "- and \(more) more\n\n" : "\n")
    }

    private static func funnel(_ story: ReportStory) -> String {
        let funnel = story.funnel
        if funnel.attempted == 0 { return "" }
        var out = "## From asking to connected\n\n| | attempts |\n| --- | ---: |\n"
        func row(_ name: String, _ count: Int) { out += "| \(escape(name)) | \(count) |\n" }
        func losses(_ before: String) {
            for loss in funnel.losses where loss.before == before { row("− " + loss.name, loss.count) }
        }
        row("attempted", funnel.attempted)
        losses("let in")
        row("let in by DPS", funnel.letIn)
        row("assigned to a known hub", funnel.assigned)
        losses("connected")
        if funnel.undetermined > 0 { row("cannot be told from these logs", funnel.undetermined) }
        row("connected within the window", funnel.connected)
        return out + "\n"
    }

    /// What could not be known, the accounts, and how it was made.
    private static func rest(_ story: ReportStory) -> String {
        let fleet = story.data.fleet
        var out = "## Accounts\n\n| | |\n| --- | --- |\n"
        func row(_ name: String, _ value: String) { out += "| \(name) | \(escape(value)) |\n" }
        func words(_ counts: [FleetSummary.Count]) -> String {
            counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
        }
        row("registration ids", "\(fleet.registrations)")
        row("devices at hubs", "\(fleet.devices)")
        if !fleet.contacts.isEmpty { row("connect attempts", words(fleet.contacts)) }
        let total = story.errors.reduce(0) { $0 + $1.count }
        row(
            story.errorsOf.lowercased(),
            "\(total) = " + story.errors.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
        )
        if !fleet.explained.isEmpty { row("normal errors", words(fleet.explained)) }
        row(
            story.data.night == nil ? "balance" : "balance of all nights",
            String(Accounting.balance(story.data.status.totals).dropLast())
        )
        for text in story.unknown where !story.data.incomplete.contains(text) { row("not known", text) }
        for item in story.data.skipped { row("not checked", "\(item.rule): \(item.reason)") }
        for item in story.made { row(item.name, item.value) }
        return out
    }

    private static func list(_ data: ReportData) -> String {
        var out = "\n## Findings\n\n"
        if data.causes.isEmpty { return out + (data.absence == nil ? "None.\n" : "Nothing was judged.\n") }
        for cause in data.causes {
            out += "### \(cause.severity.rawValue): \(escape(cause.title)) (`\(cause.rule)`)\n\n"
            out += "\(Words.count(cause.findings.count, "finding")). Fix: \(escape(cause.fix))\n\n"
            let places = PlaceNames(places: cause.findings.prefix(findings).flatMap(\.evidence))
            for finding in cause.findings.prefix(findings) {
                let lines = finding.evidence.map { escape(places.name($0)) }.joined(separator: "; ")
                out += "- \(escape(finding.summary)) (\(finding.confidence))\(lines.isEmpty ? "" : "; \(lines)")"
                out += "; `dpslens evidence \(finding.id.prefix(8))`\n"
            }
            if cause.findings.count > findings { out += "- and \(cause.findings.count - findings) more\n" }
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
