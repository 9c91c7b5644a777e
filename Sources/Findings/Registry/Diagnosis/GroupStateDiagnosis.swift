import Attestation

/// What the registry says of a group whose devices fail together.
enum GroupStateDiagnosis {
    /// The diagnoses in no order; nothing for a batch, which is no group of DPS.
    static func of(_ finding: Finding, _ registries: [Registry], _ context: RegistryContext) -> [FindingDiagnosis] {
        if finding.reason == "batch" { return [] }
        return EnrollmentDiagnosis.group(finding, finding.enrollmentGroup ?? finding.subject, registries, context)
    }
}
