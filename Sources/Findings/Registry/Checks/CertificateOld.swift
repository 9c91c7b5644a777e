import Attestation

/// I03: a device's certificate is older than the house wants.
enum CertificateOld: RegistryCheck {
    static let card: RuleCard = make(
        "certificate-old",
        title: "Certificate of a device is old",
        severity: .low,
        parameters: [
            RuleCard.Parameter(
                name: "days",
                value: 0,
                meaning: "days since the certificate was made; 0 turns the check off, 365 is usual",
                range: 0...3652
            )
        ],
        why: "The longer a key is in use, the more people and machines have had a chance to copy it.",
        causes: "The certificates were made for the life of the device; renewal stopped.",
        fix: "Renew the certificate with a new key.",
        notThis: "An enrollment whose other certificate is younger; disabled enrollments.",
        notChecked:
            "Whether a renewed certificate has a new key; devices of groups, unless a request shows the certificate."
            + " The check is off unless a number of days is set.",
        references: "docs/registry.md, checks",
        summary: "the certificate of {subject} is old"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        let days = context.value(card, "days")
        guard days > 0 else { return [] }
        let limit = context.now.adding(seconds: -Int64(days) * 86_400)
        var list: [String: Finding] = [:]
        func add(_ id: String, _ registry: Registry, _ begin: UnixTime, _ evidence: [String]) {
            guard begin < limit else { return }
            let age = (context.now.seconds - begin.seconds) / 86_400
            let finding = context.finding(
                card,
                context.device(id, in: registry),
                reason: "old",
                "the certificate of \(shortened(id)) was made \(age) days ago, on \(begin.description.prefix(10))",
                evidence: evidence
            )
            list[finding.id] = list[finding.id] ?? finding
        }
        for (owner, held) in Dictionary(grouping: context.certificates, by: \.owner) {
            guard case .device(let id) = owner, let first = held.first,
                held.allSatisfy({ $0.facts.notBefore != nil }), let begin = held.compactMap(\.facts.notBefore).max()
            else { continue }
            add(id, context.inputs.registries[first.instance], begin, [])
        }
        for item in context.requests.values {
            guard let text = item.request.clientCertificateChain.first,
                let begin = CertificateFacts.read(text).first?.notBefore, let owner = context.owner(of: item),
                owner.registry.individual(owner.id) == nil
            else { continue }
            add(owner.id, owner.registry, begin, [item.evidence])
        }
        return Array(list.values)
    }
}
