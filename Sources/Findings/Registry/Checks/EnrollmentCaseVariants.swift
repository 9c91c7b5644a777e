import Attestation

/// Two enrollments whose ids differ only in case.
enum EnrollmentCaseVariants: RegistryCheck {
    static let card: RuleCard = make(
        "enrollment-case-variants",
        title: "Enrollment ids that differ only in case",
        severity: .low,
        why:
            "To DPS they are one id, so one of the two does not count; keys derived from the other spelling are refused.",
        causes: "Lists from several tools; an id typed by hand.",
        fix: "Keep the enrollment that DPS has now, and derive keys from the id as the device sends it.",
        notThis: "Ids that differ in more than case; an individual enrollment and a group of one name.",
        notChecked: "Which of the two DPS holds: the first of the file is taken for everything else.",
        references: "DPS, service concepts (registration ids)",
        summary: "{subject} stands in several spellings"
    )

    static func findings(_ context: RegistryContext) -> [Finding] {
        context.inputs.registries.flatMap { registry in
            registry.caseVariants.map { variant in
                let id = variant.ids[0]
                let names = variant.ids.prefix(5).map(shortened).joined(separator: ", ")
                return context.finding(
                    card,
                    variant.kind == .group ? context.group(id, in: registry) : context.device(id, in: registry),
                    occurrences: variant.ids.count,
                    reason: variant.kind.rawValue,
                    "\(variant.ids.count) \(variant.kind.rawValue) enrollments differ only in case: \(names)"
                )
            }
        }
    }
}
