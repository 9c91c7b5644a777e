import Attestation

/// I09: symmetric keys in a house that wants certificates.
enum SymmetricKeyAgainstPolicy: RegistryCheck {
    static let card: RuleCard = make(
        "symmetric-key-where-certificates-are-policy",
        title: "Symmetric key where certificates are policy",
        severity: .medium,
        parameters: [
            RuleCard.Parameter(
                name: "policy",
                value: 0,
                meaning: "1 if every enrollment is to use a certificate or a TPM; 0 turns the check off",
                range: 0...1
            )
        ],
        why: "A symmetric key is known to two sides and copied easily; the house has decided against it.",
        causes: "A test enrollment that stayed; a product line that was never moved.",
        fix: "Move the enrollment to X.509 or TPM, or suppress this with a date by which it will be.",
        notThis: "Enrollments with certificates or a TPM; disabled ones.",
        notChecked: "How devices attest at the hub. The check is off unless the policy is set.",
        references: "docs/registry.md, checks",
        summary: "{subject} uses a symmetric key"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        guard context.value(card, "policy") == 1 else { return [] }
        return context.inputs.registries.flatMap { registry in
            (registry.individuals.values + registry.groups).filter(\.isEnabled).compactMap { enrollment in
                guard case .symmetricKey = enrollment.attestation else { return nil }
                let isGroup = enrollment.kind == .group
                return context.finding(
                    card,
                    isGroup
                        ? context.group(enrollment.id, in: registry) : context.device(enrollment.id, in: registry),
                    reason: "symmetric-key",
                    "the \(isGroup ? "group" : "enrollment") \(shortened(enrollment.id)) uses symmetric keys, the policy is"
                        + " certificates"
                )
            }
        }
    }
}
