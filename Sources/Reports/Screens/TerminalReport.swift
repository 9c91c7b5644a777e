import AzureLogs
import Basics
import Correlation
import EventStore
import Findings

/// The report for a terminal: one story of some forty lines; lists and records are commands of their own.
public enum TerminalReport {
    /// The most incidents that are described in full.
    private static let full = 4
    /// The most incidents behind these that get a line each.
    private static let listed = 10
    /// The most rules whose findings outside of incidents get a line.
    private static let rules = 6

    /// Renders a report.
    ///
    /// - Parameter width: columns to lay out for. Prose is wrapped; ids, names of rules and lines of evidence are never cut.
    public static func render(_ data: ReportData, style: Style, width: Int) -> String {
        let story = ReportStory(data)
        var page = TerminalPage(style: style, width: width)
        verdict(story, &page)
        incidents(story, &page)
        others(story, &page)
        funnel(story, &page)
        timeline(story, &page)
        coverage(story, &page)
        accounting(story, &page)
        for (index, item) in story.made.enumerated() {
            page.field(index == 0 ? "made by" : "", "\(item.name) \(item.value)", dim: true)
        }
        page.line()
        page.line("Next: " + TerminalText.safe(next(data)))
        return page.text
    }

    private static func verdict(_ story: ReportStory, _ page: inout TerminalPage) {
        page.prose(page.style.bold("dpslens: \(TerminalText.safe(story.verdict.headline))"))
        page.prose(TerminalText.safe(story.verdict.detail))
        for note in story.data.notes { page.field("NOTE", note) }
        for told in NumbersNote.lines(story.data.fleet) { page.field("numbers", told) }
        for reason in story.data.incomplete { page.field("INCOMPLETE", reason) }
        page.line()
        guard let night = story.data.night else { return }
        let lines = NightLines(data: story.data, report: night)
        for fact in lines.facts { page.field(fact.name, fact.value) }
        for section in lines.sections {
            page.line(page.style.bold(section.title))
            for told in section.lines { page.field("", told) }
        }
        page.line()
    }

    private static func incidents(_ story: ReportStory, _ page: inout TerminalPage) {
        if story.incidents.isEmpty { return }
        page.line(page.style.bold("Incidents"))
        for incident in story.incidents.prefix(full) { self.incident(incident, story, &page) }
        for incident in story.incidents.dropFirst(full).prefix(listed) {
            page.field(incident.severity.rawValue, "\(incident.id.prefix(8))  \(incident.title)", incident.severity)
        }
        let more = story.incidents.count - full - listed
        if more > 0 {
            page.field("", "and \(Words.count(more, "more incident")):")
            page.command("dpslens incidents\(story.data.databaseArgument)")
        }
        page.line()
    }

    private static func incident(_ incident: IncidentStory, _ story: ReportStory, _ page: inout TerminalPage) {
        page.field(incident.severity.rawValue, incident.title, incident.severity)
        var facts = ["\(Words.count(incident.devices, "device"))"]
        if let onset = incident.incident.onset {
            var since = "since \(Clock.seconds(onset))"
            if let last = story.data.fleet.last, last > onset {
                since += " (\(TimeSpan.text(last - onset)) before the end)"
            }
            facts.append(since)
        }
        if !incident.trend.isEmpty { facts.append(incident.trend) }
        let line = incident.onsets.contains { $0 > 0 } ? "  " + Sparkline.text(incident.onsets) : ""
        page.field("", facts.joined(separator: ", ") + line)
        if let example = incident.findings.first { page.field("", "for example: \(example.summary)") }
        for change in incident.incident.changes.prefix(1) {
            let whom = change.enrollment.map { " of \($0)" } ?? ""
            page.field("", "before: \(change.operation)\(whom) at \(Clock.seconds(change.time))")
        }
        for said in ReportData.Cause.registry(incident.findings).prefix(1) { page.field("", "registry: \(said)") }
        if !incident.fix.isEmpty { page.field("", "fix: \(Sentences.fitting(incident.fix, 260))") }
        let counts = Dictionary(grouping: incident.findings, by: \.rule).mapValues(\.count)
        let rules = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        if !rules.isEmpty { page.field("", "findings: \(rules.joined(separator: ", "))") }
        page.command("dpslens incidents show \(incident.id.prefix(8))\(story.data.databaseArgument)")
    }

    /// Findings that belong to no incident, by their rules.
    private static func others(_ story: ReportStory, _ page: inout TerminalPage) {
        if story.others.isEmpty { return }
        let byRule = Dictionary(grouping: story.others, by: \.rule).sorted {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }
        for (index, (rule, findings)) in byRule.prefix(rules).enumerated() {
            let example = findings.first.map { ": \($0.summary)" } ?? ""
            page.field(index == 0 ? "besides" : "", "\(findings.count) \(rule)\(example)")
        }
        let more = byRule.dropFirst(rules).reduce(0) { $0 + $1.value.count }
        if more > 0 {
            page.field("", "and \(Words.count(more, "more finding")):")
            page.command("dpslens findings\(story.data.databaseArgument)")
        }
        page.line()
    }

    private static func funnel(_ story: ReportStory, _ page: inout TerminalPage) {
        let funnel = story.funnel
        if funnel.attempted > 0 {
            page.field(
                "attempts",
                "\(funnel.attempted) registrations, \(funnel.letIn) let in, \(funnel.assigned) with a known hub, "
                    + "\(funnel.connected) connected in time"
            )
            for loss in funnel.losses {
                let ids = loss.incidents.prefix(3).map { String($0.prefix(8)) }.joined(separator: ", ")
                page.field("", "\(loss.count) \(loss.name)\(ids.isEmpty ? "" : " (\(ids))")")
            }
            if funnel.undetermined > 0 { page.field("", "\(funnel.undetermined) cannot be told") }
        }
        let contacts = story.data.fleet.contacts
        if !contacts.isEmpty {
            page.field(
                "at hubs",
                contacts.map { "\($0.count) \($0.name)" }.joined(separator: ", ") + " connect attempts"
            )
        }
    }

    private static func coverage(_ story: ReportStory, _ page: inout TerminalPage) {
        let fleet = story.data.fleet
        page.field("logs of", "DPS \(list(fleet.instances)); hubs \(list(fleet.hubs))")
        for (index, text) in story.unknown.enumerated() { page.field(index == 0 ? "not known" : "", text) }
    }

    private static func accounting(_ story: ReportStory, _ page: inout TerminalPage) {
        let fleet = story.data.fleet
        let total = story.errors.reduce(0) { $0 + $1.count }
        // Where nothing could be judged, a sum of errors would look as if something had been.
        if total > 0, story.data.absence == nil {
            let parts = story.errors.map { "\($0.count) \($0.name)" }.joined(separator: " + ")
            let patterns = fleet.explained.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            page.field("errors", "\(total) = \(parts)\(patterns.isEmpty ? "" : " (\(patterns))")")
        }
        if !fleet.unknownOperations.isEmpty {
            page.field(
                "",
                "unknown operations: "
                    + fleet.unknownOperations.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            )
        }
        // The ledger's totals are of the whole database, not of the night.
        let totals = story.data.status.totals
        page.field(
            story.data.night == nil ? "balance" : "all nights",
            "\(totals.lines) records = \(totals.stored) stored + \(totals.duplicates) duplicates + \(totals.ignored) ignored"
                + " + \(totals.rejected) rejected, in \(Words.count(totals.files, "file"))"
        )
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "(no logs)" }
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }

    /// The command to go on with: about the first finding, since the worst come first.
    private static func next(_ data: ReportData) -> String {
        let option = data.databaseArgument
        // A device without a time is one that only a registry names; no log has a story of it.
        if let device = data.findings.first(where: { $0.subjectKind == "device" && $0.firstSeen != nil }) {
            return "dpslens device \(Shell.quoted(device.subject))\(option)"
        }
        if let finding = data.findings.first { return "dpslens evidence \(finding.id.prefix(8))\(option)" }
        let totals = data.status.totals
        return totals.rejected + totals.filesRejected > 0 ? "dpslens rejects\(option)" : "dpslens coverage\(option)"
    }
}
