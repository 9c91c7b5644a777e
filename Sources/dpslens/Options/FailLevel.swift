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
    func isReached(by findings: [Finding]) -> Bool {
        let counted = findings.filter { $0.status != "suppressed" }
        switch self {
        case .none: return false
        case .new:
            return counted.contains { $0.severity > .informational && ($0.status == "new" || $0.status == "reopened") }
        case .severity(let level): return counted.contains { $0.severity >= level }
        }
    }
}
