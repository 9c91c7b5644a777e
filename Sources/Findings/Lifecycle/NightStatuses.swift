/// The status of each finding after the newest night that knows it: its state, or `suppressed`.
///
/// One that was resolved in an earlier night, and that no later night knows, still is.
struct NightStatuses {
    /// By the findings' ids; empty before the first night.
    let stored: [String: String]
    /// The end of the newest night, microseconds since 1970.
    let end: Int64

    /// A finding with its status; one that no night knows keeps its own.
    ///
    /// What was seen after the last night is back, or still there.
    func marking(_ finding: Finding) -> Finding {
        guard let status = stored[finding.id] else { return finding }
        var finding = finding
        finding.status = status
        guard let last = finding.lastSeen, last >= end else { return finding }
        switch status {
        case FindingState.resolved.rawValue: finding.status = FindingState.reopened.rawValue
        case FindingState.unobserved.rawValue: finding.status = FindingState.ongoing.rawValue
        default: break
        }
        return finding
    }
}
