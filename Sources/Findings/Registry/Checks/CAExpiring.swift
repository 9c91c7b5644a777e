import Attestation

/// I02: a CA or an intermediate that signs devices runs out, or has.
enum CAExpiring: RegistryCheck {
    static let card: RuleCard = make(
        "ca-expiring",
        title: "CA certificate runs out",
        severity: .medium,
        subject: "enrollment-group",
        parameters: [
            RuleCard.Parameter(name: "days", value: 90, meaning: "days before the end, medium", range: 1...3652),
            RuleCard.Parameter(name: "urgent_days", value: 30, meaning: "days before the end, high", range: 0...3652),
        ],
        why: "When it runs out every device below it is turned away at once, whatever its own certificate says.",
        causes: "Nobody watches the CA; its successor was made and not put into DPS.",
        fix:
            "Put the new CA into DPS, verify it, add it as the secondary of the group, and renew the devices before the old"
            + " one ends.",
        notThis:
            "A group whose other CA holds longer: a roll-over under way; disabled groups; CAs that are not verified.",
        notChecked:
            "CAs above what DPS holds; intermediates that only devices present, unless a request shows them; entries"
            + " that give no validity. That DPS refuses an expired CA is likely, no page says it.",
        references: "docs/registry.md, checks; DPS, roll X.509 certificates",
        summary: "the CA of {subject} expires"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        var list: [Finding] = []
        for (instance, registry) in context.inputs.registries.enumerated() {
            let own = context.certificates.filter { $0.instance == instance }
            var told = Set<String>()
            for group in registry.groups where group.isEnabled {
                guard case .x509(let certificates) = group.attestation else { continue }
                let referred = Set(certificates.caReferences)
                told.formUnion(referred)
                let held = own.filter { item in
                    switch item.owner {
                    case .group(let id): id == group.id
                    case .authority(let name): referred.contains(name)
                    case .device: false
                    }
                }
                guard let longest = CertificateExpiring.longest(held) else { continue }
                list += finding(context, context.group(group.id, in: registry), longest.facts, "of group \(group.id)")
            }
            for item in own {
                guard case .authority(let name) = item.owner, !told.contains(name) else { continue }
                list += finding(context, context.authority(name, in: registry), item.facts, name)
            }
        }
        return list + presented(context)
    }

    /// Signers that devices present and that DPS does not hold.
    private static func presented(_ context: RegistryContext) -> [Finding] {
        let known = Set(context.certificates.compactMap(\.facts.thumbprint))
        var signers: [String: (facts: CertificateFacts, places: [String])] = [:]
        for (_, item) in context.requests.sorted(by: { $0.key < $1.key }) {
            for text in item.request.clientCertificateChain.dropFirst() {
                guard let facts = CertificateFacts.read(text).first, let print = facts.thumbprint,
                    !known.contains(print)
                else { continue }
                signers[print, default: (facts, [])].places.append(item.evidence)
            }
        }
        return signers.sorted { $0.key < $1.key }.flatMap { print, signer in
            let name = signer.facts.subject ?? print
            let subject = RegistryContext.Subject(kind: "fleet", name: name, episode: print)
            return finding(
                context,
                subject,
                signer.facts,
                "\(name), which \(signer.places.count) requests present,",
                count: signer.places.count,
                Array(signer.places.prefix(2))
            )
        }
    }

    private static func finding(
        _ context: RegistryContext,
        _ subject: RegistryContext.Subject,
        _ facts: CertificateFacts,
        _ name: String,
        count: Int = 1,
        _ evidence: [String] = []
    ) -> [Finding] {
        guard let (end, severity) = Expiry.near(facts, context, card) else { return [] }
        return [
            context.finding(
                card,
                subject,
                severity: severity,
                occurrences: count,
                reason: Expiry.reason(end, at: context.now),
                "the CA certificate \(name) \(Expiry.words(end, at: context.now))",
                evidence: evidence
            )
        ]
    }
}
