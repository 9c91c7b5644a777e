import Attestation

/// The registry is one of another instance than the logs.
enum ScopeDiagnosis {
    /// What is to be said if no registry speaks of the finding's instance, or if its id scope is another one.
    static func of(_ finding: Finding, _ matched: [Registry], _ context: RegistryContext) -> FindingDiagnosis? {
        guard let dps = finding.dps, let logged = context.facts.scopes[dps]?.sorted(), !logged.isEmpty else {
            return nil
        }
        let candidates = matched.isEmpty ? context.inputs.registries : matched
        let scopes = candidates.compactMap(\.idScope)
        guard scopes.count == candidates.count, !scopes.contains(where: { logged.contains(folded($0)) }) else {
            return nil
        }
        return FindingDiagnosis(
            mistake: "scope-differs",
            confidence: "likely",
            explanation:
                "the id scope differs: the logs of \(dps) name \(logged.joined(separator: ", ")), the registry is of"
                + " \(scopes.sorted().joined(separator: ", "))",
            fix:
                "Compare the id scope on the devices with that of the instance they are meant for; if the devices are right,"
                + " give the registry of the instance in the logs."
        )
    }
}
