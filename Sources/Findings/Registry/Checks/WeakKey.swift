import Attestation

/// I04: an RSA key that can be broken.
enum WeakKey: RegistryCheck {
    static let card: RuleCard = make(
        "weak-key",
        title: "Key that can be broken",
        severity: .critical,
        why: "Whoever computes the private key from the public one is the device, or with a CA's key any device.",
        causes: "An old generator or template; a smart card or TPM with the faulty library of CVE-2017-15361.",
        fix:
            "Make a new key of RSA 2048 or more, or on a P-256 curve, on hardware that is not affected, and replace the"
            + " certificate or enrollment.",
        notThis: "RSA of 2048 bits and more; keys on elliptic curves; disabled enrollments.",
        notChecked: "Curves; keys of the Debian generator of 2006 to 2008 (CVE-2008-0166); primes that keys share;"
            + " certificates of which an export shows only a description.",
        references: "docs/registry.md, checks; NIST SP 800-131A; CVE-2017-15361",
        summary: "the key of {subject} is weak"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        var list: [String: Finding] = [:]
        func add(_ subject: RegistryContext.Subject, _ rsa: RSAKeyFacts?, _ name: String, _ evidence: [String] = []) {
            guard let rsa, !rsa.weaknesses.isEmpty else { return }
            let words = rsa.weaknesses.map(\.description).joined(separator: "; ")
            let finding = context.finding(
                card,
                subject,
                reason: reason(rsa.weaknesses[0]),
                "\(name) has a weak key: \(words)",
                evidence: evidence
            )
            list[finding.id] = list[finding.id] ?? finding
        }
        for item in context.certificates {
            let registry = context.inputs.registries[item.instance]
            switch item.owner {
            case .device(let id):
                let name = "the \(item.slot) certificate of \(shortened(id))"
                add(context.device(id, in: registry), item.facts.rsa, name)
            case .group(let id):
                let name = "the \(item.slot) CA of group \(shortened(id))"
                add(context.group(id, in: registry), item.facts.rsa, name)
            case .authority(let ca):
                add(context.authority(ca, in: registry), item.facts.rsa, "the CA \(shortened(ca))")
            }
        }
        for registry in context.inputs.registries {
            for (_, enrollment) in registry.individuals.sorted(by: { $0.key < $1.key }) where enrollment.isEnabled {
                guard case .tpm(let text) = enrollment.attestation, let text,
                    let key = try? TPMPublicKey(base64: text, called: "endorsement key")
                else { continue }
                let name = "the endorsement key of \(shortened(enrollment.id))"
                add(context.device(enrollment.id, in: registry), key.strength, name)
            }
        }
        for (_, item) in context.requests.sorted(by: { $0.key < $1.key }) {
            guard let text = item.request.clientCertificateChain.first, let leaf = CertificateFacts.read(text).first,
                let owner = context.owner(of: item)
            else { continue }
            let subject = context.device(owner.id, in: owner.registry)
            add(subject, leaf.rsa, "the presented certificate of \(shortened(owner.id))", [item.evidence])
        }
        return Array(list.values)
    }

    private static func reason(_ weakness: RSAKeyFacts.Weakness) -> String {
        switch weakness {
        case .short: "short"
        case .exponent: "exponent"
        case .modulus: "modulus"
        case .roca: "roca"
        }
    }
}
