import Attestation

/// What the enrollment of a device that DPS turned away says.
enum EnrollmentDiagnosis {
    /// The diagnoses in no order.
    static func of(
        _ finding: Finding,
        _ registries: [Registry],
        _ context: RegistryContext,
        _ nearest: NearestID
    ) -> [FindingDiagnosis] {
        let id = finding.registrationId ?? finding.subject
        if let registry = registries.first(where: { $0.individual(id) != nil }), let own = registry.individual(id) {
            return individual(finding, own, registry, context)
        }
        if let other = context.inputs.registries.first(where: { $0.individual(id) != nil }) {
            let name = context.dps(other) ?? other.idScope ?? "another instance"
            return [
                FindingDiagnosis(
                    mistake: "enrolled-elsewhere",
                    confidence: "likely",
                    explanation: "the id is enrolled in \(name), not in \(finding.dps ?? "the instance it asks")",
                    fix:
                        "Give the device the id scope of the instance in which it is enrolled, or enroll it in this one."
                )
            ]
        }
        return withoutEnrollment(finding, id, registries, context, nearest)
    }

    private static func individual(
        _ finding: Finding,
        _ own: Enrollment,
        _ registry: Registry,
        _ context: RegistryContext
    ) -> [FindingDiagnosis] {
        var list: [FindingDiagnosis] = []
        let name = shortened(own.id)
        let topics = context.topics(finding)
        if !own.isEnabled {
            list.append(Self.disabled("individual enrollment \(name)", own, finding, topics))
        } else if topics.contains(.disabled) {
            list.append(enabled("individual enrollment \(name)", own))
        }
        if case .x509(let certificates) = own.attestation, presented(topics) != nil {
            list += CertificateStateDiagnosis.enrolled(finding, certificates, name)
            list += CertificateStateDiagnosis.references(
                finding,
                certificates,
                registry,
                "individual enrollment \(name)"
            )
        }
        list += kind(finding, topics, own, name)
        if topics.contains(.notEnrolled) {
            list.append(
                FindingDiagnosis(
                    mistake: "enrolled-now",
                    confidence: "possible",
                    explanation: "individual enrollment \(name) is there now"
                        + (own.lastUpdated.map { ", last changed \($0)" } ?? ""),
                    fix: "Let the device register again; if it is still refused, compare its id scope."
                )
            )
        }
        return list
    }

    /// What a device presents by what the rule says of it.
    private static func presented(_ topics: Set<RegistryTopic>) -> String? {
        if topics.contains(.refusedKey) { return "symmetricKey" }
        if topics.contains(.refusedCertificate) { return "x509" }
        return topics.contains(.refusedEndorsementKey) ? "tpm" : nil
    }

    /// Whether the enrollment wants another proof than the one that the finding speaks of.
    ///
    /// Plain DPS logs do not say how a device attests; then the rule has guessed, and the enrollment knows better.
    private static func kind(
        _ finding: Finding,
        _ topics: Set<RegistryTopic>,
        _ own: Enrollment,
        _ name: String
    ) -> [FindingDiagnosis] {
        let wanted = own.attestation.word
        let proofs = ["symmetricKey": "key", "x509": "certificate", "tpm": "endorsement key or TPM"]
        guard let presented = presented(topics), presented != wanted, let proof = proofs[wanted] else {
            return []
        }
        guard finding.confidence == "certain" else {
            return [
                FindingDiagnosis(
                    mistake: "attestation-not-logged",
                    confidence: "likely",
                    explanation:
                        "individual enrollment \(name) wants \(wanted), and the logs do not say how the device attests:"
                        + " what was refused is rather its \(proof)",
                    fix: wanted == "x509"
                        ? "Look at the dates and the common name of the certificate, send the whole chain, and verify the CA in DPS."
                        : "Compare the \(proof) of the device with its enrollment."
                )
            ]
        }
        return [
            FindingDiagnosis(
                mistake: "M30",
                confidence: "likely",
                explanation: "individual enrollment \(name) wants \(wanted), the logs have \(presented)",
                fix: "Let the device attest as its enrollment says, or change the enrollment."
            )
        ]
    }

    /// The group that the logs name, or the lack of anything that could let the device in.
    private static func withoutEnrollment(
        _ finding: Finding,
        _ id: String,
        _ registries: [Registry],
        _ context: RegistryContext,
        _ nearest: NearestID
    ) -> [FindingDiagnosis] {
        let named = finding.enrollmentGroup ?? context.facts.registrations[folded(id)]?.group
        if let named { return group(finding, named, registries, context) }
        let topics = context.topics(finding)
        let kind = topics.contains(.refusedCertificate) ? "x509" : "symmetricKey"
        // Where the logs do not say how the device attests, any group may be the one.
        let groups = registries.flatMap(\.groups).filter {
            $0.attestation.word == kind || finding.confidence != "certain"
        }
        let isUnknown = topics.contains(.notEnrolled) || topics.contains(.refusedEndorsementKey)
        // What an export does not list may be there all the same.
        let needed: Set<String> = isUnknown ? ["individualEnrollments"] : ["individualEnrollments", "enrollmentGroups"]
        guard registries.allSatisfy({ $0.listed.isSuperset(of: needed) }) else { return [] }
        if groups.isEmpty || isUnknown {
            let near = nearest.of(id).map { "; nearest is \(shortened($0))" } ?? ""
            return [
                FindingDiagnosis(
                    mistake: "no-enrollment",
                    confidence: isUnknown ? "certain" : "likely",
                    explanation: isUnknown
                        ? "no individual enrollment carries this id\(near)"
                        : "neither an individual enrollment carries this id, nor is there a group of its kind\(near)",
                    fix: near.isEmpty
                        ? "Enroll the device, or look whether it is meant for another instance."
                        : "Compare the id on the device with the nearest enrolled one; mend the one that is wrong."
                )
            ]
        }
        if groups.allSatisfy({ !$0.isEnabled }) {
            return [
                FindingDiagnosis(
                    mistake: "groups-disabled",
                    confidence: "possible",
                    explanation: "every group of this kind is disabled (\(groups.count))",
                    fix: "Find out whether the block is meant, and enable the group of this device."
                )
            ]
        }
        return []
    }

    static func group(_ finding: Finding, _ name: String, _ registries: [Registry], _ context: RegistryContext)
        -> [FindingDiagnosis]
    {
        guard
            let (registry, group) = registries.lazy.compactMap({ registry in
                registry.groups.first { folded($0.id) == folded(name) }.map { (registry, $0) }
            }).first
        else {
            guard registries.allSatisfy({ $0.listed.contains("enrollmentGroups") }) else { return [] }
            return [
                FindingDiagnosis(
                    mistake: "no-group",
                    confidence: "likely",
                    explanation: "no group \(shortened(name)) is there any more",
                    fix: "Make the group anew, or enroll its devices elsewhere."
                )
            ]
        }
        var list: [FindingDiagnosis] = []
        if !group.isEnabled {
            list.append(disabled("group \(shortened(group.id))", group, finding, context.topics(finding)))
        }
        if case .x509(let certificates) = group.attestation {
            let words = "group \(shortened(group.id))"
            list += CertificateStateDiagnosis.signing(finding, certificates, words)
            list += CertificateStateDiagnosis.references(finding, certificates, registry, words)
        }
        return list
    }

    static func disabled(
        _ name: String,
        _ enrollment: Enrollment,
        _ finding: Finding,
        _ topics: Set<RegistryTopic>
    ) -> FindingDiagnosis {
        let since = enrollment.lastUpdated
        let isOlder = since.map { time in finding.firstSeen.map { time <= RegistryContext.time($0) } ?? false } ?? false
        // DPS answers "disabled" only after the proof holds, so a refused proof has another reason.
        let isAnswer = topics.contains(.disabled)
        return FindingDiagnosis(
            mistake: "M28",
            confidence: isAnswer ? (isOlder ? "certain" : "likely") : "possible",
            explanation: "\(name) is disabled" + (since.map { ", and has been since its last change at \($0)" } ?? ""),
            fix: "Find out whether the block is meant. Enable the enrollment, or stop the device."
        )
    }

    private static func enabled(_ name: String, _ enrollment: Enrollment) -> FindingDiagnosis {
        FindingDiagnosis(
            mistake: "enabled-now",
            confidence: "possible",
            explanation: "\(name) is enabled now" + (enrollment.lastUpdated.map { ", last changed \($0)" } ?? ""),
            fix: "Let the device register again."
        )
    }
}
