/// What became of a finding between two nights.
public struct FindingChange: Sendable, Hashable {
    /// `appeared`, `resolved`, `reopened`, `unobserved`, `suppressed`, or `changed` for any other step.
    public var kind: String
    /// The finding as it was last seen.
    public var finding: Finding
    /// Its status in the earlier night, nil if it was not told.
    public var before: String?
    /// Its status in the later night, nil if it was not told.
    public var after: String?

    /// The findings whose standing differs, in total order; `new` in one night and `ongoing` in the next is no change.
    public static func between(_ a: [String: TrackedFinding], _ b: [String: TrackedFinding]) -> [FindingChange] {
        var changes: [FindingChange] = []
        for id in Set(a.keys).union(b.keys) {
            let (before, after) = (a[id], b[id])
            guard let finding = after?.finding ?? before?.finding,
                let kind = kind(before?.finding.status, after?.finding.status)
            else { continue }
            changes.append(
                FindingChange(
                    kind: kind,
                    finding: finding,
                    before: before?.finding.status,
                    after: after?.finding.status
                )
            )
        }
        return changes.sorted { Finding.precedes($0.finding, $1.finding) }
    }

    private static func kind(_ before: String?, _ after: String?) -> String? {
        let here = ["new", "ongoing", "reopened"]
        if before == after { return nil }
        if let before, let after, here.contains(before), after == "ongoing" { return nil }
        switch after {
        case nil: return before == "resolved" ? nil : "resolved"
        case "resolved", "reopened", "unobserved", "suppressed": return after
        case "new": return "appeared"
        default: return before == nil || before == "resolved" ? "appeared" : "changed"
        }
    }
}
