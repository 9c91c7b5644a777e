import EventStore

/// Parts findings into those that stand and those that lost records may contradict.
struct FindingParting: Sendable {
    private let doubt: RecordsInDoubt
    /// By the names of the rules that say what did not happen, with their parameters.
    private let claims: [String: (claims: [AbsenceClaim], values: [String: Int])]

    /// - Throws: `RuleError` for a parameter that a rule cannot have.
    init(_ doubt: RecordsInDoubt, _ cards: [RuleCard], _ overrides: [String: Int]) throws {
        self.doubt = doubt
        var claims: [String: (claims: [AbsenceClaim], values: [String: Int])] = [:]
        for card in cards where !card.absence.isEmpty && !doubt.isEmpty {
            claims[card.name] = (card.absence, try RuleRunner.values(card, overrides))
        }
        self.claims = claims
    }

    /// The findings that stand, in their order and some of them less certain, and the others.
    func parted(_ findings: [Finding]) -> (standing: [Finding], withheld: [WithheldFinding]) {
        if doubt.isEmpty { return (findings, []) }
        var standing: [Finding] = []
        var withheld: [WithheldFinding] = []
        for finding in findings {
            guard let (claims, values) = claims[finding.rule] else {
                standing.append(finding)
                continue
            }
            if let place = doubt.place(against: finding, claims, values) {
                withheld.append(WithheldFinding(rule: finding.rule, subject: finding.subject, place: place))
                continue
            }
            var finding = finding
            // Certain is nothing beside a lost record, whoever it may speak of.
            if finding.confidence == "certain", doubt.isTouched(finding, claims, values) {
                finding.confidence = "likely"
            }
            standing.append(finding)
        }
        return (standing, withheld)
    }
}

/// A finding that is not said because a record that could not be read may contradict it.
public struct WithheldFinding: Sendable, Hashable {
    /// The rule.
    public var rule: String
    /// Whom it would be about.
    public var subject: String
    /// The record that could not be read, `file:line`.
    public var place: String

    /// The order of outputs.
    static func precedes(_ a: WithheldFinding, _ b: WithheldFinding) -> Bool {
        (a.rule, a.subject, a.place) < (b.rule, b.subject, b.place)
    }
}

extension WithheldFinding {
    /// Why rules say less than they found, as for rules that were not asked: one entry a rule, in the order of names.
    static func reasons(_ withheld: [WithheldFinding]) -> [(rule: String, reason: String)] {
        Dictionary(grouping: withheld, by: \.rule).sorted { $0.key < $1.key }.map { rule, items in
            let named = items.prefix(3).map { "\($0.subject) (\($0.place))" }.joined(separator: ", ")
            let more = items.count > 3 ? " and \(items.count - 3) more" : ""
            return (rule, "withheld, since a record that could not be read may contradict it: \(named)\(more)")
        }
    }
}
