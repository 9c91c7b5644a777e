import Attestation

/// I01: a device's certificate runs out, or has.
enum CertificateExpiring: RegistryCheck {
    static let card: RuleCard = make(
        "certificate-expiring",
        title: "Certificate of a device runs out",
        severity: .medium,
        parameters: [
            RuleCard.Parameter(name: "days", value: 30, meaning: "days before the end, medium", range: 1...3652),
            RuleCard.Parameter(name: "urgent_days", value: 7, meaning: "days before the end, high", range: 0...3652),
        ],
        why:
            "A device whose certificate has run out is let in neither by DPS nor by its hub, and cannot fetch a new one.",
        causes:
            "Nobody renews the certificate; the renewal on the device fails; the new one was not put into the enrollment.",
        fix:
            "Renew the certificate on the device and put the new one into the enrollment as the secondary, while the old one"
            + " still holds.",
        notThis: "An enrollment whose other certificate holds longer: a roll-over under way; disabled enrollments.",
        notChecked:
            "Which of two certificates the device really uses, unless a request shows it; devices of groups, whose"
            + " certificates DPS does not hold, unless a request shows them; entries that give no validity.",
        references: "docs/registry.md, checks; DPS, roll X.509 certificates",
        summary: "the certificate of {subject} expires"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        var worst: [String: Finding] = [:]
        func keep(_ finding: Finding?) {
            guard let finding else { return }
            if let known = worst[finding.id], known.severity >= finding.severity { return }
            worst[finding.id] = finding
        }
        for (owner, held) in Dictionary(grouping: context.certificates, by: \.owner) {
            guard case .device(let id) = owner, let longest = Self.longest(held) else { continue }
            keep(
                finding(context, id, context.inputs.registries[longest.instance], longest.facts, "enrolled", [])
            )
        }
        for item in context.requests.values {
            guard let text = item.request.clientCertificateChain.first, let leaf = CertificateFacts.read(text).first,
                let owner = context.owner(of: item)
            else { continue }
            keep(finding(context, owner.id, owner.registry, leaf, "presented", [item.evidence]))
        }
        return Array(worst.values)
    }

    /// The certificate that holds longest; nil if the end of one is not known, since that one may hold longer.
    static func longest(_ held: [HeldCertificate]) -> HeldCertificate? {
        guard held.allSatisfy({ $0.facts.notAfter != nil }) else { return nil }
        return held.max { ($0.facts.notAfter?.seconds ?? 0) < ($1.facts.notAfter?.seconds ?? 0) }
    }

    private static func finding(
        _ context: RegistryContext,
        _ id: String,
        _ registry: Registry,
        _ facts: CertificateFacts,
        _ kind: String,
        _ evidence: [String]
    ) -> Finding? {
        guard let (end, severity) = Expiry.near(facts, context, card) else { return nil }
        return context.finding(
            card,
            context.device(id, in: registry),
            severity: severity,
            reason: Expiry.reason(end, at: context.now),
            "the \(kind) certificate of \(shortened(id)) \(Expiry.words(end, at: context.now))",
            evidence: evidence
        )
    }
}
