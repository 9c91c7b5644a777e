import Basics
import Correlation
import EventStore
import Findings

/// The time that a report speaks of, and who set it.
public struct ReportWindow: Sendable, Hashable {
    /// Its beginning, microseconds since 1970.
    public var from: Int64
    /// Its end, which belongs to it.
    public var to: Int64

    /// A window.
    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }
}

/// A report as one story, from which terminal, Markdown, HTML and JSON are made: verdict, incidents, funnel, timeline, coverage,
/// accounting, how it was made.
struct ReportStory: Sendable {
    var data: ReportData
    var verdict: ReportVerdict
    /// Worst first, as incidents are ordered everywhere.
    var incidents: [IncidentStory]
    /// Findings that belong to no incident.
    var others: [Finding]
    var funnel: Funnel
    /// Errors that are accounted for, by what they are.
    var errors: [(name: String, count: Int)]
    /// What could not be known, each as one sentence.
    var unknown: [String]
    /// How the report was made, a name and its value each.
    var made: [(name: String, value: String)]

    init(_ data: ReportData) {
        self.data = data
        let byIncident = Dictionary(grouping: data.findings) { $0.incident ?? "" }
        let incidents = data.incidents.map { IncidentStory($0, byIncident[$0.id] ?? [], data) }
        let known = Set(data.incidents.map(\.id))
        let others = data.findings.filter { finding in finding.incident.map { !known.contains($0) } ?? true }
        let ends = data.charts?.ends ?? Self.ends(data.fleet)
        let funnel = Funnel(ends, data.incidents, data.rules, others: others)
        self.incidents = incidents
        self.others = others
        self.funnel = funnel
        verdict = ReportVerdict(data, incidents, funnel)
        errors = Self.errors(data)
        unknown = Self.unknown(data, funnel)
        made = Self.made(data)
    }

    /// Every error has one place; where nobody counted them, those of hubs are told.
    private static func errors(_ data: ReportData) -> [(name: String, count: Int)] {
        if let account = data.errors {
            let words: [ErrorAccount.State: String] = [
                .explained: "normal", .named: "in findings", .transient: "transient (a success followed)",
            ]
            return account.parts.map { (words[$0.state] ?? $0.state.rawValue, $0.count) }
        }
        let explained = data.fleet.explained.reduce(0) { $0 + $1.count }
        return [("normal", explained), ("not explained", data.fleet.unexplained)]
    }

    /// Whose errors are accounted for.
    var errorsOf: String { data.errors != nil ? "Errors" : "Errors of hubs" }

    /// How attempts ended, where no chart was read: as the fleet's counts say.
    private static func ends(_ fleet: FleetSummary) -> [FleetCharts.End] {
        let isIn = { (name: String) in name == "assigned" || name == "accepted" }
        let out = fleet.outcomes.filter { !isIn($0.name) }.map {
            FleetCharts.End(outcome: $0.name, journey: "", isHubKnown: false, attempts: $0.count)
        }
        let told = fleet.journeys.map {
            FleetCharts.End(outcome: "assigned", journey: $0.name, isHubKnown: true, attempts: $0.count)
        }
        let letIn = fleet.outcomes.filter { isIn($0.name) }.reduce(0) { $0 + $1.count }
        let rest = letIn - told.reduce(0) { $0 + $1.attempts }
        let untold = FleetCharts.End(outcome: "accepted", journey: "", isHubKnown: false, attempts: rest)
        return out + told + (rest > 0 ? [untold] : [])
    }

    private static func unknown(_ data: ReportData, _ funnel: Funnel) -> [String] {
        var out = data.incomplete
        if funnel.undetermined > 0 {
            out.append(
                "Of \(funnel.undetermined) of \(funnel.letIn) registrations that DPS let in, the logs do not tell what followed."
            )
        }
        out += data.fleet.gaps
        let totals = data.status.totals
        if totals.rejected > 0 { out.append("\(Words.count(totals.rejected, "record")) could not be read.") }
        if totals.filesRejected > 0 {
            out.append("\(Words.count(totals.filesRejected, "file")) could not be read to the end.")
        }
        var byReason: [String: [String]] = [:]
        for item in data.skipped { byReason[item.reason, default: []].append(item.rule) }
        for (reason, rules) in byReason.sorted(by: { $0.key < $1.key }) {
            let names = rules.count > 4 ? rules.prefix(3) + ["\(rules.count - 3) more"] : rules[...]
            out.append("Not checked, because \(reason): \(names.joined(separator: ", ")).")
        }
        return out
    }

    private static func made(_ data: ReportData) -> [(name: String, value: String)] {
        var out: [(name: String, value: String)] = []
        if !data.version.isEmpty { out.append(("dpslens", data.version)) }
        if let window = data.window {
            out.append(("time asked for", "\(Clock.seconds(window.from)) to \(Clock.seconds(window.to))"))
        }
        if let first = data.fleet.first, let last = data.fleet.last {
            out.append(
                ("records", "\(Clock.seconds(first)) to \(Clock.seconds(last)) (\(TimeSpan.text(last - first)))")
            )
        }
        let count = data.rules.count
        if count > 0 {
            let skipped = data.skipped.isEmpty ? "" : ", \(data.skipped.count) not checked"
            out.append(("rules", "\(count)\(skipped)"))
        }
        if !data.options.isEmpty { out.append(("options", data.options)) }
        if !data.databaseArgument.isEmpty {
            out.append(
                ("database", String(data.databaseArgument.split(separator: " ").dropFirst().joined(separator: " ")))
            )
        }
        return out
    }
}
