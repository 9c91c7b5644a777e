/// The findings of a database, and what could not be checked.
public struct AnalysisResult: Sendable {
    /// All findings in total order.
    public var findings: [Finding]
    /// The incidents that they are part of, in total order.
    public var incidents: [Incident] = []
    /// What was not checked, with the reason: rules without the logs that they need, and findings that were withheld.
    public var skipped: [(rule: String, reason: String)]

    /// A result of these.
    public init(findings: [Finding], incidents: [Incident] = [], skipped: [(rule: String, reason: String)]) {
        self.findings = findings
        self.incidents = incidents
        self.skipped = skipped
    }
}

/// What an analysis does next, for whoever waits for it.
public enum AnalysisStep: Sendable, Hashable {
    /// Attempts and contacts are joined device by device.
    case joining
    /// Rules are run, of which some are done.
    case rules(done: Int, of: Int)
    /// Findings are grouped into incidents.
    case incidents
}
