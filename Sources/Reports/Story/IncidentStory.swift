import AzureLogs
import Basics
import Correlation
import Findings

/// An incident as every report tells it.
struct IncidentStory: Sendable, Hashable {
    /// The incident.
    var incident: Incident
    /// Its findings that are shown, in total order.
    var findings: [Finding]
    /// Devices or other subjects that are concerned.
    var devices: Int
    /// `over`, `growing` or `going on`; empty where no time is known.
    var trend: String
    /// Findings that began in each twelfth of the time that the report speaks of; empty without times.
    var onsets: [Int]
    /// What to do, of the rule that names the cause.
    var fix: String

    var id: String { incident.id }
    var title: String { incident.title }
    var severity: Severity { incident.severity }

    /// How many ticks a sparkline has.
    static let ticks = 12

    init(_ incident: Incident, _ findings: [Finding], _ data: ReportData) {
        self.incident = incident
        self.findings = findings
        let subjects = Set(findings.filter { $0.subjectKind == "device" }.map(\.subject))
        devices = subjects.isEmpty ? max(incident.struck, incident.subjects.count) : subjects.count
        // Of equally bad rules the one that speaks of most names the cause, as in the title.
        let byRule = Dictionary(grouping: findings, by: \.rule)
        let leading = byRule.max { a, b in
            (a.value.map(\.severity.rank).max() ?? 0, a.value.count, b.key)
                < (b.value.map(\.severity.rank).max() ?? 0, b.value.count, a.key)
        }
        let fixes = Dictionary(grouping: leading?.value ?? [], by: \.fix)
        fix = fixes.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.key ?? ""
        (trend, onsets) = ("", [])
        guard let from = data.window?.from ?? data.fleet.first, let to = data.window?.to ?? data.fleet.last,
            from < to
        else { return }
        let length = max(1, (to - from) / Int64(Self.ticks) + 1)
        onsets = [Int](repeating: 0, count: Self.ticks)
        for first in findings.compactMap(\.firstSeen) where first <= to {
            onsets[min(max(0, Int((first - from) / length)), Self.ticks - 1)] += 1
        }
        guard let onset = incident.onset, let end = incident.end else { return }
        if end + max(Microseconds.hour, (to - from) / 12) < to {
            trend = "over since \(Clock.seconds(end))"
        } else {
            let late = findings.count { ($0.firstSeen ?? onset) > end - (end - onset) / 4 }
            trend = findings.count >= 4 && late * 3 >= findings.count ? "growing" : "going on"
        }
    }
}
