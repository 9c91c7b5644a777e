import Attestation

/// I08: a group's key on a device.
enum GroupKeyAsDeviceKey: RegistryCheck {
    static let card: RuleCard = make(
        "group-key-as-device-key",
        title: "Group key is used as a device key",
        severity: .critical,
        why:
            "Whoever reads this one device can derive the key of every device of the group, and enroll devices of his own.",
        causes:
            "The production tool copies the group key instead of deriving from it; the enrollment was filled with the"
            + " group's key.",
        fix: "Regenerate the group key, derive keys for all devices of the group, and give each device only its own.",
        notThis:
            "A device key that was derived from the group key; keys of other individual enrollments (shared-credential).",
        notChecked:
            "Devices of groups of which no request is given; group keys that neither the registry nor the file of group"
            + " keys shows.",
        references: "docs/registry.md, checks; DPS, symmetric key attestation",
        summary: "{subject} uses a group key"
    )

    static func skipped(_ context: RegistryContext) -> String? {
        let groups = context.inputs.registries.flatMap(\.groups).filter { group in
            if case .symmetricKey = group.attestation { true } else { false }
        }
        if groups.isEmpty || !keys(context).isEmpty { return nil }
        return "no group key is shown; give --group-keys"
    }

    static func findings(_ context: RegistryContext) -> [Finding] {
        let known = keys(context)
        if known.isEmpty { return [] }
        var list: [String: Finding] = [:]
        func add(_ finding: Finding) { list[finding.id] = list[finding.id] ?? finding }
        for registry in context.inputs.registries {
            for (_, enrollment) in registry.individuals.sorted(by: { $0.key < $1.key }) {
                guard case .symmetricKey(let keys) = enrollment.attestation,
                    let match = keys.keys.candidates.lazy.compactMap({ own in
                        known.first { $0.key.matches(own.key) }.map { (own.name, $0.name) }
                    }).first
                else { continue }
                add(
                    context.finding(
                        card,
                        context.device(enrollment.id, in: registry),
                        reason: "enrolled",
                        "the \(match.0) key of \(shortened(enrollment.id)) is the key of \(match.1)"
                    )
                )
            }
        }
        for (_, item) in context.requests.sorted(by: { $0.key < $1.key }) {
            guard let text = item.request.authorization, let token = try? SASToken(text),
                let match = known.first(where: { signs($0.key, token) }), let owner = context.owner(of: item)
            else { continue }
            let subject = context.device(owner.id, in: owner.registry)
            add(
                context.finding(
                    card,
                    subject,
                    reason: "token",
                    "the token of \(shortened(subject.name)) is signed with the key of \(match.name) itself",
                    evidence: [item.evidence]
                )
            )
        }
        return Array(list.values)
    }

    private static func signs(_ key: SecretBytes, _ token: SASToken) -> Bool {
        SASVerifier.signingKey(of: token, among: SASKeys(only: key, name: "group")) != nil
    }

    /// Every group key that is known, with its group.
    private static func keys(_ context: RegistryContext) -> [(name: String, key: SecretBytes)] {
        var keys: [(name: String, key: SecretBytes)] = []
        for group in context.inputs.registries.flatMap(\.groups) {
            guard case .symmetricKey(let own) = group.attestation else { continue }
            keys += own.keys.candidates.map { ("group \(shortened(group.id))", $0.key) }
        }
        return keys + context.inputs.otherGroupKeys.map { ("a group that was handed in", $0) }
    }
}
