import Attestation

/// What the registry says of a device and its hub.
enum HubDiagnosis {
    /// The diagnoses in no order.
    static func of(_ finding: Finding, _ registries: [Registry], _ context: RegistryContext) -> [FindingDiagnosis] {
        var list: [FindingDiagnosis] = []
        let topics = context.topics(finding)
        if topics.contains(.linkedHub) { return linkedKeys(finding, registries) }
        list += link(finding, topics, registries)
        let names = [finding.registrationId, finding.deviceId, finding.subject].compactMap(\.self)
        guard let (registry, id) = known(names, registries, context) else {
            if topics.contains(.unknownIdentity), registries.allSatisfy(showsRecords) { list.append(unknown()) }
            return list
        }
        if let record = registry.registration(id), let hub = record.assignedHub.map(shortHub), let seen = finding.hub,
            hub != folded(seen), topics.contains(.otherHub)
        {
            list.append(
                FindingDiagnosis(
                    mistake: "record-names-other-hub",
                    confidence: "likely",
                    explanation: "the registration record names hub \(hub)"
                        + (record.lastUpdated.map { ", since \($0)" } ?? ""),
                    fix: "Make the device drop what it has cached and take the hub from a new registration."
                )
            )
        }
        if let own = registry.individual(id) {
            if !own.isEnabled { list.append(disabled(own)) }
            if case .x509(let certificates) = own.attestation,
                topics.contains(.hubCertificate)
            {
                list += CertificateStateDiagnosis.enrolled(finding, certificates, shortened(own.id))
            }
        }
        return list
    }

    /// Whether the finding's hub is linked, and takes new devices.
    private static func link(_ finding: Finding, _ topics: Set<RegistryTopic>, _ registries: [Registry])
        -> [FindingDiagnosis]
    {
        guard let hub = finding.hub.map(folded) else { return [] }
        let linked = registries.flatMap(\.hubs)
        // An export without hubs says nothing of them.
        guard !linked.isEmpty, registries.allSatisfy({ !$0.hubs.isEmpty }) else { return [] }
        guard let found = linked.first(where: { shortHub($0.name) == hub }) else {
            let names = linked.map { shortHub($0.name) }.sorted().prefix(5).joined(separator: ", ")
            return [
                FindingDiagnosis(
                    mistake: "hub-not-linked",
                    confidence: topics.contains(.unlinkedHub) ? "likely" : "possible",
                    explanation: "hub \(hub) is not among the linked hubs (\(names))",
                    fix:
                        "Link the hub again, or move its devices: DPS cannot look after identities in a hub that is not linked."
                )
            ]
        }
        guard !found.takesPartInAllocation, topics.contains(.allocation) else { return [] }
        return [
            FindingDiagnosis(
                mistake: "hub-out-of-allocation",
                confidence: "possible",
                explanation: "hub \(hub) is linked and takes no part in allocation",
                fix: "Look whether the assignment is older than this setting, and register again."
            )
        ]
    }

    /// The policies by whose keys DPS reaches its hubs.
    private static func linkedKeys(_ finding: Finding, _ registries: [Registry]) -> [FindingDiagnosis] {
        let hubs = registries.flatMap(\.hubs).filter { hub in
            finding.hub.map { folded($0) == shortHub(hub.name) } ?? true
        }
        let named = hubs.compactMap { hub in hub.keyName.map { "\($0) of \(shortHub(hub.name))" } }.sorted()
        if named.isEmpty || named.count > 5 { return [] }
        return [
            FindingDiagnosis(
                mistake: "linked-hub-key",
                confidence: "possible",
                explanation: "DPS reaches \(named.count == 1 ? "the hub" : "its hubs") by the policy"
                    + " \(named.joined(separator: ", "))",
                fix: "Look whether the key of this policy was regenerated, and link the hub again."
            )
        ]
    }

    private static func known(_ names: [String], _ registries: [Registry], _ context: RegistryContext) -> (
        Registry, String
    )? {
        for registry in registries {
            for name in names where registry.individual(name) != nil || registry.registration(name) != nil {
                return (registry, name)
            }
        }
        guard let owner = names.lazy.compactMap({ context.owners[$0] }).first else { return nil }
        return registries.first { $0.individual(owner) != nil || $0.registration(owner) != nil }.map { ($0, owner) }
    }

    /// Whether the export lists what could know a device: members of groups are to be seen in records alone.
    private static func showsRecords(_ registry: Registry) -> Bool {
        registry.listed.isSuperset(of: ["individualEnrollments", "registrations"])
    }

    private static func unknown() -> FindingDiagnosis {
        FindingDiagnosis(
            mistake: "no-record",
            confidence: "likely",
            explanation: "neither an enrollment nor a registration record knows this device",
            fix: "Find the device by its masked network, and delete its identity in the hub if it is not yours."
        )
    }

    private static func disabled(_ own: Enrollment) -> FindingDiagnosis {
        FindingDiagnosis(
            mistake: "M28",
            confidence: "likely",
            explanation: "individual enrollment \(shortened(own.id)) is disabled"
                + (own.lastUpdated.map { ", and has been since its last change at \($0)" } ?? ""),
            fix: "If the block is meant, disable the identity in the hub as well; else enable the enrollment."
        )
    }
}
