import Attestation

/// An enrollment that is switched off: good to know, nothing to be alarmed about.
enum DisabledEnrollment: RegistryCheck {
    static let card: RuleCard = make(
        "disabled-enrollment",
        title: "Enrollment is disabled",
        severity: .informational,
        why:
            "Blocks that were meant for a day stay for years; and a block that nobody knows of looks like a broken device.",
        causes: "A deliberate block; a repair; a retired device.",
        fix:
            "Find out whether the block is still meant. While it is, keep it: without it a group may let the device in.",
        notThis: "Enabled enrollments.",
        notChecked: "Who disabled it, and why.",
        references: "DPS, how to disenroll a device",
        summary: "{subject} is disabled"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        context.inputs.registries.flatMap { registry in
            (registry.individuals.values + registry.groups).filter { !$0.isEnabled }.map { enrollment in
                let isGroup = enrollment.kind == .group
                let since = enrollment.lastUpdated.map { ", last changed \($0)" } ?? ""
                return context.finding(
                    card,
                    isGroup
                        ? context.group(enrollment.id, in: registry) : context.device(enrollment.id, in: registry),
                    reason: "disabled",
                    "the \(isGroup ? "group" : "enrollment") \(shortened(enrollment.id)) is disabled\(since)"
                )
            }
        }
    }
}
