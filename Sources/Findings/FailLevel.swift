/// From which finding on a run fails.
public enum FailLevel: Sendable, Hashable {
    /// No finding fails it.
    case none
    /// One that is new or came back since the last night, and is worse than informational.
    case new
    /// One of this severity or worse.
    case severity(Severity)

    /// The words that an option and the configuration take.
    public static let words = ["none", "new"] + Severity.allCases.map(\.rawValue)

    /// The level of a word; nil for any other.
    public init?(word: String) {
        switch word {
        case "none": self = .none
        case "new": self = .new
        default:
            guard let severity = Severity(rawValue: word) else { return nil }
            self = .severity(severity)
        }
    }

    /// The word.
    public var word: String {
        switch self {
        case .none: "none"
        case .new: "new"
        case .severity(let severity): severity.rawValue
        }
    }

    /// Whether one of the findings is bad enough.
    public func isReached(by findings: [Finding]) -> Bool { findings.contains(where: isReached) }

    /// Whether a finding is bad enough; one that is suppressed never is.
    public func isReached(by finding: Finding) -> Bool {
        if finding.status == "suppressed" { return false }
        switch self {
        case .none: return false
        case .new: return finding.severity > .informational && ["new", "reopened"].contains(finding.status)
        case .severity(let level): return finding.severity >= level
        }
    }
}
