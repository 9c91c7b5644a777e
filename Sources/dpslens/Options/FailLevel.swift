public import ArgumentParser
public import Findings

extension Severity: ExpressibleByArgument {}

/// From which severity on a run fails.
enum FailLevel: ExpressibleByArgument, Equatable {
    case none
    case new
    case severity(Severity)

    init?(argument: String) {
        if argument == "none" {
            self = .none
        } else if argument == "new" {
            self = .new
        } else if let severity = Severity(rawValue: argument) {
            self = .severity(severity)
        } else {
            return nil
        }
    }

    /// Whether one of the findings is bad enough.
    func isReached(by findings: [Finding]) -> Bool { findings.contains(where: isReached) }

    /// Whether a finding is bad enough.
    func isReached(by finding: Finding) -> Bool {
        if finding.status == "suppressed" { return false }
        switch self {
        case .none: return false
        case .new: return finding.severity > .informational && ["new", "reopened"].contains(finding.status)
        case .severity(let level): return finding.severity >= level
        }
    }
}
