/// Where a finding stands in its life, night by night.
public enum FindingState: String, Sendable, Codable, CaseIterable {
    /// Not seen before.
    case new
    /// Seen before and still there.
    case ongoing
    /// Gone, and the logs to say so were read.
    case resolved
    /// Back after it was resolved.
    case reopened
    /// Not seen, but the logs that could show it are missing: nothing is claimed.
    case unobserved

    /// Whether it is still to be watched.
    public var isOpen: Bool { self != .resolved }

    /// Whether it was found in the night.
    public var isFound: Bool { self == .new || self == .ongoing || self == .reopened }
}

/// Whether a finding that is not seen any more is over, and why.
public enum Observation: Sendable, Hashable {
    /// The logs would show it: in a few words, what they show in its place.
    case over(String)
    /// The logs cannot tell: in a few words, why.
    case unknown(String)
}

/// A finding with what the nights say of it.
public struct TrackedFinding: Sendable, Hashable {
    /// The finding as it was last seen; `status` is what is shown: the state, or `suppressed`.
    public var finding: Finding
    /// Where it stands, whether suppressed or not.
    public var state: FindingState
    /// Whether a suppression covers it.
    public var isSuppressed: Bool
    /// The night in which it became new or was reopened; a date such as `2026-11-24`.
    public var since: String
    /// Why it counts as resolved or cannot be observed; empty for the other states, and in nights that are read again.
    public var why: String

    init(_ finding: Finding, _ state: FindingState, isSuppressed: Bool, since: String, why: String = "") {
        self.finding = finding
        self.finding.status = isSuppressed ? "suppressed" : state.rawValue
        self.state = state
        self.isSuppressed = isSuppressed
        self.since = since
        self.why = why
    }
}

/// Judges one night's findings by those of the night before.
///
/// | before | in this night | state |
/// | --- | --- | --- |
/// | never seen | found | new |
/// | new, ongoing, reopened, unobserved | found | ongoing |
/// | resolved | found | reopened |
/// | new, ongoing, reopened, unobserved | not found, and the logs would show it | resolved |
/// | new, ongoing, reopened, unobserved | not found, and the logs cannot tell | unobserved |
/// | resolved | not found | no longer told |
/// | new, ongoing, reopened, unobserved | nothing was logged | unobserved |
public enum Lifecycle {
    /// The night's findings, those that ended in it, and those that could not be observed; in total order.
    ///
    /// - Parameters:
    ///   - previous: what is known of earlier nights, by finding id.
    ///   - current: the findings whose evidence reaches into this night's window.
    ///   - latest: the findings of the whole analysis by their ids; what is known of one beyond the window.
    ///   - night: this night's date.
    ///   - isSilent: whether nothing was logged in this night; then nothing is said of what it found.
    ///   - observation: whether the logs that were read would show the finding if it were still there.
    ///   - isSuppressed: whether a suppression covers it in this night.
    public static func judge(
        previous: [String: TrackedFinding],
        current: [Finding],
        latest: [String: Finding] = [:],
        night: String,
        isSilent: Bool = false,
        observation: (Finding) throws -> Observation,
        isSuppressed: (Finding) -> Bool
    ) rethrows -> [TrackedFinding] {
        var tracked: [TrackedFinding] = []
        var found = Set<String>()
        for finding in current where !isSilent && found.insert(finding.id).inserted {
            let before = previous[finding.id]
            let state: FindingState =
                switch before?.state {
                case nil: .new
                case .resolved: .reopened
                default: .ongoing
                }
            let since = state == .ongoing ? before?.since ?? night : night
            tracked.append(TrackedFinding(finding, state, isSuppressed: isSuppressed(finding), since: since))
        }
        for (id, before) in previous where before.state.isOpen && !found.contains(id) {
            let finding = latest[id] ?? before.finding
            let (state, why): (FindingState, String) =
                switch isSilent ? .unknown("nothing was logged in this night") : try observation(finding) {
                case .over(let why): (.resolved, why)
                case .unknown(let why): (.unobserved, why)
                }
            tracked.append(
                TrackedFinding(
                    finding,
                    state,
                    isSuppressed: isSuppressed(finding),
                    since: before.since,
                    why: why
                )
            )
        }
        return tracked.sorted { Finding.precedes($0.finding, $1.finding) }
    }
}
