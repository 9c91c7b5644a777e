import Attestation

/// I07: one credential under two registration ids.
enum SharedCredential: RegistryCheck {
    static let card: RuleCard = make(
        "shared-credential",
        title: "One credential under several registration ids",
        severity: .critical,
        why:
            "Devices that share a key or certificate cannot be told apart: one that is stolen is all of them, and switching"
            + " off one leaves the others open.",
        causes:
            "Cloned images; one certificate or key for a production run; an export that was edited by hand; a board that"
            + " was moved to another device.",
        fix: "Give each device its own credential, and look where the copies are.",
        notThis: "Primary and secondary of one enrollment; a disabled enrollment beside the one that took its place.",
        notChecked: "Keys that the export does not show; devices of groups, unless requests show their certificates or"
            + " endorsement keys.",
        references: "docs/registry.md, checks",
        summary: "{subject} shares its credential"
    )

    private struct Holder {
        var id: String
        var instance: Int
        var evidence: [String]
    }

    static func findings(_ context: RegistryContext) -> [Finding] {
        var holders: [String: [Holder]] = [:]
        func add(_ kind: String, _ value: String, _ holder: Holder) {
            // The value is a digest; it lives as long as this call and is in no output.
            let key = kind + " " + value
            if holders[key]?.contains(where: { folded($0.id) == folded(holder.id) }) != true {
                holders[key, default: []].append(holder)
            }
        }
        for (instance, registry) in context.inputs.registries.enumerated() {
            for (_, enrollment) in registry.individuals.sorted(by: { $0.key < $1.key }) where enrollment.isEnabled {
                let holder = Holder(id: enrollment.id, instance: instance, evidence: [])
                switch enrollment.attestation {
                case .symmetricKey(let keys):
                    for candidate in keys.keys.candidates { add("symmetric key", digest(candidate.key), holder) }
                case .tpm(let text):
                    if let text { add("endorsement key", endorsement(text), holder) }
                case .x509, .unknown: break
                }
            }
        }
        for item in context.certificates {
            guard case .device(let id) = item.owner, let print = item.facts.thumbprint else { continue }
            add("certificate", print, Holder(id: id, instance: item.instance, evidence: []))
        }
        for (_, item) in context.requests.sorted(by: { $0.key < $1.key }) {
            guard let owner = context.owner(of: item) else { continue }
            let holder = Holder(id: owner.id, instance: owner.instance, evidence: [item.evidence])
            if let text = item.request.clientCertificateChain.first,
                let print = CertificateFacts.read(text).first?.thumbprint
            {
                add("certificate", print, holder)
            }
            // A TPM is let in by an individual enrollment alone.
            if let text = item.request.tpm?.endorsementKey, owner.registry.individual(owner.id) != nil {
                add("endorsement key", endorsement(text), holder)
            }
        }
        var list: [String: Finding] = [:]
        for (key, all) in holders.sorted(by: { $0.key < $1.key }) where all.count > 1 {
            let kind =
                key.hasPrefix("symmetric")
                ? "symmetric key" : key.hasPrefix("endors") ? "endorsement key" : "certificate"
            let finding = finding(context, kind, all.sorted { $0.id < $1.id })
            list[finding.id] = list[finding.id] ?? finding
        }
        return Array(list.values)
    }

    private static func finding(_ context: RegistryContext, _ kind: String, _ all: [Holder]) -> Finding {
        var subject = context.device(all[0].id, in: context.inputs.registries[all[0].instance])
        subject.episode = kind
        let others = all.dropFirst().prefix(5).map { shortened($0.id) }.joined(separator: ", ")
        let more = all.count > 6 ? " and \(all.count - 6) more" : ""
        return context.finding(
            card,
            subject,
            occurrences: all.count,
            reason: kind.split(separator: " ").joined(separator: "-"),
            "\(shortened(all[0].id)) has the same \(kind) as \(others)\(more)",
            evidence: all.flatMap(\.evidence)
        )
    }

    /// What two keys have in common only if they are one; the key cannot be found from it.
    private static func digest(_ key: SecretBytes) -> String {
        Base64Text.encode(key.hmacSHA256("dpslens: is this the same key?".utf8))
    }

    /// The endorsement key's bytes as text, so that different line breaks and padding do not matter.
    private static func endorsement(_ text: String) -> String {
        (try? Base64Text.decode(text, forgiving: .dotnet)).map { Base64Text.encode($0) } ?? text
    }
}
