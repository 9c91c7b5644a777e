import Attestation

/// Says what the registry knows about findings of the logs.
///
/// A rule's card says with the key `registry` what there is to be said; the findings of other rules stay as they are.
struct RegistryDiagnosis: Sendable {
    /// The most diagnoses of one finding.
    static let most = 4

    /// The most requests that are tried in one run: a key that nothing explains costs a long search.
    static let mostRequests = 2_000

    let context: RegistryContext

    init(_ context: RegistryContext) {
        self.context = context
    }

    /// The findings with what the registry says told in them, in the order given; and what was left out.
    func explain(_ findings: [Finding]) -> (
        findings: [Finding], skipped: [(rule: String, reason: String)]
    ) {
        let refused = findings.filter { !context.topics($0).isDisjoint(with: RegistryTopic.refusals) }
        var verdicts: [String: [FindingDiagnosis]] = [:]
        var left = 0
        for finding in refused {
            let id = folded(finding.registrationId ?? finding.subject)
            guard verdicts[id] == nil, context.requests[id] != nil else { continue }
            if verdicts.count < Self.mostRequests {
                verdicts[id] = RequestDiagnosis.of(finding, context)
            } else {
                left += 1
            }
        }
        let unknown = refused.map { $0.registrationId ?? $0.subject }.filter { id in
            !context.inputs.registries.contains { $0.individual(id) != nil }
        }
        let nearest = NearestID(context.inputs.registries, for: unknown)
        let members = GroupDiagnosis(refused, verdicts)
        let explained = findings.map { finding in
            let list = FindingDiagnosis.ordered(diagnoses(finding, verdicts, members, nearest))
            return finding.explained(by: Array(list.prefix(Self.most)))
        }
        let reason = "\(left) requests were not tried, \(Self.mostRequests) are the most in one run"
        return (explained, left == 0 ? [] : [("requests", reason)])
    }

    private func diagnoses(
        _ finding: Finding,
        _ verdicts: [String: [FindingDiagnosis]],
        _ members: GroupDiagnosis,
        _ nearest: NearestID
    ) -> [FindingDiagnosis] {
        let topics = context.topics(finding)
        let isRefusal = !topics.isDisjoint(with: RegistryTopic.refusals)
        let isGroup = topics.contains(.refusedGroup)
        guard !topics.isEmpty else { return [] }
        let matched = context.inputs.registries.filter { context.concerns($0, finding.dps) }
        if let wrong = ScopeDiagnosis.of(finding, matched, context) { return [wrong] }
        if matched.isEmpty { return [] }
        if isGroup { return members.of(finding) + GroupStateDiagnosis.of(finding, matched, context) }
        if isRefusal {
            let requested = verdicts[folded(finding.registrationId ?? finding.subject)] ?? []
            return requested + EnrollmentDiagnosis.of(finding, matched, context, nearest)
        }
        return HubDiagnosis.of(finding, matched, context)
    }
}

extension RegistryContext {
    /// Whether a registry speaks of a DPS instance, as far as can be told; nil stands for an instance that is not known.
    func concerns(_ registry: Registry, _ dps: String?) -> Bool {
        guard let dps else { return true }
        if let name = registry.name { return folded(name) == folded(dps) }
        guard let scope = registry.idScope.map(folded), let logged = facts.scopes[dps] else { return true }
        return logged.contains(scope)
    }
}
