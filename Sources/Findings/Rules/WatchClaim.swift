import Correlation

/// What a rule counts in `watched_contacts` or `hub_minutes`, which hold only what is worth a look: a card's key `watches`.
///
/// `connects count within minutes`: the parameters that give the number and the span. The lint holds their bounds to
/// `WatchLimits`; whether the SELECT uses them so, it does not check.
public struct WatchClaim: Sendable, Hashable {
    /// What is counted.
    public enum Kind: String, Sendable, CaseIterable {
        /// Connects of a channel.
        case connects
        /// Refusals with no success between.
        case refusals
        /// Take-overs by another connection.
        case takeovers
        /// Changes of the hub that accepts the device.
        case hubChanges = "hub-changes"
        /// Devices of a hub that were dropped or refused within a minute.
        case hubMinutes = "hub-minutes"

        /// The view that it is counted in.
        var view: String { self == .hubMinutes ? "hub_minutes" : "watched_contacts" }

        /// What may be counted at least.
        var least: Int {
            switch self {
            case .connects: WatchLimits.connects
            case .refusals, .takeovers: WatchLimits.repeats
            case .hubChanges: WatchLimits.hubChanges
            case .hubMinutes: WatchLimits.minuteDevices
            }
        }

        /// Over how long at most, and in what unit the parameter is; nil where any time will do.
        var span: (most: Int, unit: String)? {
            switch self {
            case .connects: (WatchLimits.busyMinutes, "minutes")
            case .takeovers: (WatchLimits.takeoverMinutes, "minutes")
            case .hubChanges: (WatchLimits.hubChangeHours, "hours")
            case .refusals, .hubMinutes: nil
            }
        }
    }

    /// What is counted.
    public var kind: Kind
    /// The parameter of the number.
    public var count: String
    /// The parameter of the span, if there is one.
    public var span: String?

    /// Reads `connects count within minutes`; nil for anything else.
    static func parse(_ text: String) -> WatchClaim? {
        let words = text.split(separator: " ").map(String.init)
        guard let kind = words.first.flatMap(Kind.init) else { return nil }
        if words.count == 2 { return WatchClaim(kind: kind, count: words[1]) }
        guard words.count == 4, words[2] == "within" else { return nil }
        return WatchClaim(kind: kind, count: words[1], span: words[3])
    }

    /// What is wrong with the claims of a rule: views without a claim, parameters that reach further than what is kept.
    static func problems(_ card: RuleCard, reads views: Set<String>) -> [String] {
        var problems: [String] = []
        for view in ["watched_contacts", "hub_minutes"] {
            let isClaimed = card.watches.contains { $0.kind.view == view }
            if views.contains(view), !isClaimed {
                let kinds = Kind.allCases.filter { $0.view == view }.map(\.rawValue).joined(separator: ", ")
                problems.append(
                    "`\(view)` holds only what is worth a look; say what is counted there: `watches: KIND PARAMETER`, of \(kinds)"
                )
            }
            if !views.contains(view), isClaimed { problems.append("`watches` speaks of `\(view)`, which is not read") }
        }
        return problems + card.watches.flatMap { $0.problems(card) }
    }

    private func problems(_ card: RuleCard) -> [String] {
        func range(_ name: String) -> ClosedRange<Int>? { card.parameters.first { $0.name == name }?.range }
        guard let counted = range(count) else { return ["`watches` names `\(count)`, which is no parameter"] }
        var problems: [String] = []
        if counted.lowerBound < kind.least {
            problems.append("parameter `\(count)` wants `at least \(kind.least)`: fewer \(kind.rawValue) are not kept")
        }
        guard let limit = kind.span else { return problems }
        guard let span else {
            return problems + ["`watches: \(kind.rawValue)` wants `within` and the parameter of the \(limit.unit)"]
        }
        guard let within = range(span) else { return problems + ["`watches` names `\(span)`, which is no parameter"] }
        if within.upperBound > limit.most {
            problems.append(
                "parameter `\(span)` wants `at most \(limit.most)`: of longer spans not all \(kind.rawValue) are kept"
            )
        }
        return problems
    }
}
