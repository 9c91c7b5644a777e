import Attestation

/// An enrollment that names a hub which is not linked.
enum EnrollmentHubNotLinked: RegistryCheck {
    static let card: RuleCard = make(
        "enrollment-hub-not-linked",
        title: "Enrollment names a hub that is not linked",
        severity: .medium,
        subject: "enrollment-group",
        why: "DPS can assign only linked hubs: with none left, devices of this enrollment are let in and get no hub.",
        causes: "The hub was unlinked or replaced, and the enrollment kept its name.",
        fix: "Link the hub again, or give the enrollment hubs that are linked.",
        notThis: "Enrollments that name no hubs, which may use every linked one; instances whose export names no hubs;"
            + " disabled enrollments.",
        notChecked: "Whether the linked hub exists and lets DPS in.",
        references: "DPS, linked hubs",
        summary: "{subject} names a hub that is not linked"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        context.inputs.registries.flatMap { registry -> [Finding] in
            let linked = Set(registry.hubs.map { folded($0.name) })
            if linked.isEmpty { return [] }
            return (registry.individuals.values + registry.groups).filter(\.isEnabled).compactMap { enrollment in
                guard let named = enrollment.hubs else { return nil }
                let missing = named.filter { !linked.contains(folded($0)) }.sorted()
                if missing.isEmpty { return nil }
                let isGroup = enrollment.kind == .group
                let noneIsLeft = missing.count == named.count
                return context.finding(
                    card,
                    isGroup
                        ? context.group(enrollment.id, in: registry) : context.device(enrollment.id, in: registry),
                    severity: noneIsLeft ? .high : .medium,
                    hub: missing.count == 1 ? shortHub(missing[0]) : nil,
                    reason: noneIsLeft ? "no-hub-left" : "some",
                    "\(shortened(enrollment.id)) names \(missing.prefix(3).map(shortened).joined(separator: ", ")), which is"
                        + " not linked\(noneIsLeft ? "; no hub is left to it" : "")"
                )
            }
        }
    }
}
