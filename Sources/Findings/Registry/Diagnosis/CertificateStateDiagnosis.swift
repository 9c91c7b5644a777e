import Attestation

/// What the certificates of an enrollment say of a refusal at a time.
///
/// That DPS refuses for a validity that is over is likely, no page says it; so nothing here is certain.
enum CertificateStateDiagnosis {
    /// The device's own certificates in an individual enrollment.
    static func enrolled(_ finding: Finding, _ certificates: EnrollmentCertificates, _ name: String)
        -> [FindingDiagnosis]
    {
        expired(
            finding,
            certificates.client.map { CertificateFacts($0) },
            "every certificate of individual enrollment \(name)",
            mistake: "D13",
            fix: "Renew the certificate on the device and put the new one into the enrollment."
        )
    }

    /// The CAs in a group.
    static func signing(_ finding: Finding, _ certificates: EnrollmentCertificates, _ name: String)
        -> [FindingDiagnosis]
    {
        expired(
            finding,
            certificates.signing.map { CertificateFacts($0) },
            "the CA of \(name)",
            mistake: "ca-expired",
            fix: "Put the new CA into DPS, verify it, give it to the group, and renew the devices below it."
        )
    }

    /// The CAs that an enrollment refers to by name.
    static func references(
        _ finding: Finding,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry,
        _ name: String
    ) -> [FindingDiagnosis] {
        guard !certificates.caReferences.isEmpty, registry.listed.contains("certificates") else { return [] }
        let found = certificates.caReferences.compactMap { reference in
            registry.certificates.first { $0.name == reference }
        }
        let ca = shortened(certificates.caReferences[0])
        if found.isEmpty {
            return [
                FindingDiagnosis(
                    mistake: "ca-missing",
                    confidence: "likely",
                    explanation: "the CA \(ca) of \(name) is not in DPS",
                    fix: "Upload the CA and verify it, or refer the enrollment to one that is there."
                )
            ]
        }
        if !found.contains(where: \.isVerified) {
            return [
                FindingDiagnosis(
                    mistake: "M21",
                    confidence: "likely",
                    explanation: "the CA \(ca) of \(name) is not verified",
                    fix: "Verify the CA in DPS by the proof of possession."
                )
            ]
        }
        return expired(
            finding,
            found.filter(\.isVerified).map { CertificateFacts($0.entry) },
            "the CA of \(name)",
            mistake: "ca-expired",
            fix: "Put the new CA into DPS, verify it, give it to the group, and renew the devices below it."
        )
    }

    /// Said only if all are over: else the device may use the one that holds.
    private static func expired(
        _ finding: Finding,
        _ facts: [CertificateFacts],
        _ name: String,
        mistake: String,
        fix: String
    ) -> [FindingDiagnosis] {
        let ends = facts.compactMap(\.notAfter)
        guard let end = ends.max(), ends.count == facts.count, let last = finding.lastSeen.map(RegistryContext.time),
            Expiry.isOver(end, at: last)
        else { return [] }
        return [
            FindingDiagnosis(
                mistake: mistake,
                confidence: "likely",
                explanation: "\(name) expired on \(end.description.prefix(10))",
                fix: fix
            )
        ]
    }
}
