import AzureLogs
import EventStore
import Findings

/// A night in sections of lines, which text, Markdown and HTML show each in its way: the newest first, then what lasts.
struct NightLines {
    /// A heading with its lines.
    struct Section: Hashable {
        var title: String
        var lines: [String]
    }

    /// The most lines of a section; what is left out is said.
    static let most = 40
    /// The most suppressions that are named.
    private static let mostSuppressions = 5

    let data: ReportData
    let report: NightReport

    /// The first line: the date, what to do, and whether anything was there to judge.
    var headline: String {
        let counts = [
            (FindingState.new, "new"), (.reopened, "reopened"), (.resolved, "resolved"), (.ongoing, "ongoing"),
            (.unobserved, "unobserved"),
        ].map { "\(report.findings($0.0).count) \($0.1)" }.joined(separator: ", ")
        if let absence = data.absence {
            return "\(absence.text): night \(report.night.date) says nothing of the fleet; \(counts)"
        }
        let missing = data.incomplete.isEmpty ? "" : "INCOMPLETE, not to be read as clean: "
        return "\(missing)night \(report.night.date): \(counts)"
    }

    /// What the night is of, and what was read for it.
    var facts: [(name: String, value: String)] {
        let night = report.night
        func time(_ time: Int64) -> String { Timestamp.format(microseconds: time) }
        let ingest = report.ingest
        var facts = [
            (
                "window",
                "\(time(night.window.from)) to \(time(night.window.to)), the time before \(time(night.began)) as overlap"
            ),
            ("read for it", readForIt),
        ]
        var unread = data.incomplete
        if ingest.rejected + ingest.filesRejected > 0 {
            unread.append(
                "\(ingest.rejected) records and \(ingest.filesRejected) files were rejected (dpslens rejects)"
            )
        }
        if !data.skipped.isEmpty { unread.append("\(data.skipped.count) rules could not be asked") }
        facts.append(("not read", unread.isEmpty ? "nothing is known to be missing" : unread.joined(separator: "; ")))
        if let run = report.judgedAgain {
            facts.append(("judged again", "with what was read since, by the run of \(run)"))
        }
        facts.append(("open, last nights", Self.text(report.trend)))
        if !report.suppressions.isEmpty {
            let more = report.suppressions.count - Self.mostSuppressions
            let told = report.suppressions.prefix(Self.mostSuppressions) + (more > 0 ? ["and \(more) more"] : [])
            facts.append(("to tidy up", told.joined(separator: "; ") + " (dpslens suppress check)"))
        }
        return facts
    }

    /// The records that were read for the night, and by which run.
    private var readForIt: String {
        let ingest = report.ingest
        let counts =
            "\(ingest.stored) stored, \(ingest.duplicates) known before, \(ingest.ignored) not used,"
            + " \(ingest.rejected) rejected"
        let files = "\(ingest.files - ingest.filesUnchanged) new or grown files of \(ingest.files)"
        if report.readNow == ingest.lines { return "\(ingest.lines) records in \(files): \(counts)" }
        let before =
            report.isMadeAgain ? "the night was made before, and made again from what is held" : "others before it"
        return "\(ingest.lines) records: \(counts); \(report.readNow) of them by this run in \(files), \(before)"
    }

    /// What has become of findings, the newest first.
    var sections: [Section] {
        var sections = [
            Section(title: "New", lines: report.findings(.new).map(told)),
            Section(title: "Reopened", lines: report.findings(.reopened).map(told)),
            Section(title: "Resolved", lines: report.findings(.resolved).map { told($0) + ": " + $0.why }),
            Section(title: "Ongoing, by incident", lines: ongoing),
            Section(title: "Unobserved", lines: unobserved),
        ]
        let suppressed = report.findings.filter(\.isSuppressed)
        if !suppressed.isEmpty { sections.append(Section(title: "Suppressed", lines: byRule(suppressed))) }
        return sections.map { section in
            var section = section
            section.title += " (\(count(of: section.title)))"
            let more = section.lines.count - Self.most
            if more > 0 { section.lines = section.lines.prefix(Self.most) + ["and \(more) more: findings.csv has all"] }
            if section.lines.isEmpty { section.lines = ["none"] }
            return section
        }
    }

    private func count(of title: String) -> Int {
        switch title {
        case "New": report.findings(.new).count
        case "Reopened": report.findings(.reopened).count
        case "Resolved": report.findings(.resolved).count
        case "Unobserved": report.findings(.unobserved).count
        case "Suppressed": report.findings.count(where: \.isSuppressed)
        default: report.findings(.ongoing).count
        }
    }

    private func told(_ item: TrackedFinding) -> String {
        let finding = item.finding
        let incident = finding.incident.map { " [incident \($0)]" } ?? ""
        return "\(finding.severity.rawValue) \(finding.rule): \(finding.summary)\(incident)"
    }

    /// The ongoing findings by incident with the trend, then those without a common cause by rule.
    private var ongoing: [String] {
        let items = report.findings(.ongoing)
        let byIncident = Dictionary(grouping: items) { $0.finding.incident ?? "" }
        var lines = data.incidents.compactMap { incident -> String? in
            guard let own = byIncident[incident.id] else { return nil }
            let trend = report.incidentTrends[incident.id].map { "; open in the last nights: " + Self.text($0) } ?? ""
            return "\(incident.severity.rawValue) \(incident.title): \(own.count) findings, \(Self.rules(own))\(trend)"
                + " [incident \(incident.id)]"
        }
        let known = Set(data.incidents.map(\.id))
        lines += byRule(items.filter { $0.finding.incident.map { !known.contains($0) } ?? true })
        return lines
    }

    private var unobserved: [String] {
        Dictionary(grouping: report.findings(.unobserved)) { $0.finding.rule + "\u{1F}" + $0.why }
            .sorted { $0.key < $1.key }
            .map { _, items in "\(Self.rules(items)): \(items.first?.why ?? "")" }
    }

    private func byRule(_ items: [TrackedFinding]) -> [String] {
        Dictionary(grouping: items, by: \.finding.rule).sorted { $0.key < $1.key }.map { _, items in
            let names = items.map(\.finding.subject).sorted()
            let more = names.count > 5 ? " and \(names.count - 5) more" : ""
            return "\(Self.rules(items)): \(names.prefix(5).joined(separator: ", "))\(more)"
        }
    }

    private static func rules(_ items: [TrackedFinding]) -> String {
        Dictionary(grouping: items, by: \.finding.rule).sorted { $0.key < $1.key }.map { "\($0.value.count) \($0.key)" }
            .joined(separator: ", ")
    }

    /// Numbers in the order of their nights; a dash for a night in which nothing was logged.
    static func text(_ trend: [NightReport.Count]) -> String {
        guard let first = trend.first, let last = trend.last else { return "no nights" }
        let numbers = trend.map { $0.open.map(String.init) ?? "-" }.joined(separator: " ")
        return first.date == last.date ? "\(numbers) (\(last.date))" : "\(numbers) (\(first.date) to \(last.date))"
    }
}
