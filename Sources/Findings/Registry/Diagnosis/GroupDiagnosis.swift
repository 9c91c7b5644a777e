/// What the requests of a group's or batch's members have in common.
struct GroupDiagnosis: Sendable {
    private let findings: [Finding]
    private let verdicts: [String: [FindingDiagnosis]]

    /// - Parameters:
    ///   - findings: those of single devices that DPS turned away, who are the members.
    ///   - verdicts: what the verifier said, by registration id in lower case.
    init(_ findings: [Finding], _ verdicts: [String: [FindingDiagnosis]]) {
        self.findings = findings
        self.verdicts = verdicts.filter { !$0.value.isEmpty }
    }

    /// The mistake that more than half of the members' requests have, if at least three requests are there.
    func of(_ finding: Finding) -> [FindingDiagnosis] {
        if verdicts.isEmpty { return [] }
        var counts: [String: (count: Int, example: FindingDiagnosis)] = [:]
        var asked = 0
        for member in findings where Self.isMember(member, of: finding) {
            guard let first = verdicts[folded(member.registrationId ?? member.subject)]?.first else { continue }
            asked += 1
            counts[first.mistake] = ((counts[first.mistake]?.count ?? 0) + 1, counts[first.mistake]?.example ?? first)
        }
        guard asked >= 3, let most = counts.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })?.value,
            most.count * 2 > asked
        else { return [] }
        var diagnosis = most.example
        diagnosis.explanation = "\(most.count) of \(asked) requests: \(diagnosis.explanation)"
        return [diagnosis]
    }

    private static func isMember(_ member: Finding, of group: Finding) -> Bool {
        if group.reason != "batch" { return member.enrollmentGroup.map(folded) == folded(group.subject) }
        // A batch is named by its first id and the digits of its last one.
        guard let dots = group.subject.firstRange(of: ".."), let id = IdSeries.split(folded(member.subject)),
            let first = IdSeries.split(folded(String(group.subject[..<dots.lowerBound]))),
            let last = Int(group.subject[dots.upperBound...])
        else { return false }
        return id.stem == first.stem && first.number <= id.number && id.number <= last
    }
}
