import Correlation
import Findings

/// Where attempts end on their way from DPS to a hub.
///
/// Every attempt is in exactly one of its ends.
struct Funnel: Sendable, Hashable {
    /// Attempts that ended on the way.
    struct Loss: Sendable, Hashable {
        /// The stage that was not reached: `let in`, `assigned`, `connected`.
        var before: String
        /// What became of them, in words.
        var name: String
        /// How many.
        var count: Int
        /// Incidents that tell of it, by their ids.
        var incidents: [String] = []
        /// Findings of no incident that tell of it, by their rules, in the order of the rules' names.
        var findings: [Told] = []
    }

    /// Findings of one rule.
    struct Told: Sendable, Hashable {
        /// The rule's name.
        var rule: String
        /// How many.
        var count: Int
    }

    /// Registration attempts.
    var attempted = 0
    /// Those that DPS let in.
    var letIn = 0
    /// Those of which the assigned hub is known.
    var assigned = 0
    /// Those that connected at it in the window.
    var connected = 0
    /// Those that were let in and of which the rest cannot be told; a stream of their own.
    var undetermined = 0
    /// What was lost, in the order of the way and then most first.
    var losses: [Loss] = []

    /// Sums of attempts; `incidents`, and `others` that belong to none, are linked to the end that the cards of their rules
    /// name.
    init(_ ends: [FleetCharts.End], _ incidents: [Incident], _ rules: [RuleCard], others: [Finding] = []) {
        let ofEnd = Dictionary(grouping: rules.filter { $0.end != nil }) { $0.end?.rawValue ?? "" }
            .mapValues { Set($0.map(\.name)) }
        let alone = Dictionary(grouping: others, by: \.rule).mapValues(\.count)
        var counts: [String: (before: String, count: Int)] = [:]
        for end in ends {
            attempted += end.attempts
            let isIn = !end.journey.isEmpty || end.outcome == "assigned" || end.outcome == "accepted"
            guard isIn else {
                counts[end.outcome, default: ("let in", 0)].count += end.attempts
                continue
            }
            letIn += end.attempts
            if end.isHubKnown { assigned += end.attempts }
            switch end.journey {
            case "connected": connected += end.attempts
            case "undetermined", "": undetermined += end.attempts
            default: counts[end.journey, default: ("connected", 0)].count += end.attempts
            }
        }
        losses = counts.map { name, loss in
            Loss(
                before: loss.before,
                name: Self.words[name] ?? name,
                count: loss.count,
                incidents: incidents.filter { incident in
                    incident.rules.contains { ofEnd[name]?.contains($0) ?? false }
                }.map(\.id),
                findings: alone.filter { ofEnd[name]?.contains($0.key) ?? false }.sorted { $0.key < $1.key }
                    .map { Told(rule: $0.key, count: $0.value) }
            )
        }.sorted { a, b in
            a.before == b.before ? (b.count, a.name) < (a.count, b.name) : a.before > b.before
        }
    }

    private static let words = [
        "failed": "refused by DPS", "disabled": "enrollment disabled", "throttled": "throttled by DPS",
        "unknown": "answer not known", "refused": "refused by the hub", "elsewhere": "went to another hub",
        "silent": "never seen at the hub",
    ]
}
