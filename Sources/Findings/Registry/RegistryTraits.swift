import Attestation

/// What sets devices apart that only a registry knows: who issued their certificate, and by which key DPS reaches their hub.
enum RegistryTraits {
    /// The attributes `certificate-issuer` and `linked-hub-key`, as far as known.
    ///
    /// The issuer is that of a request's certificate, else of the enrolled one; for a member of a group the subject of the
    /// group's first CA, which signed it or the one that did. The key is named by hub and shared access policy.
    static func attributes(_ context: RegistryContext) -> [DeviceAttribute] {
        [
            DeviceAttribute(name: "certificate-issuer", values: issuers(context)),
            DeviceAttribute(name: "linked-hub-key", values: keys(context)),
        ].filter { !$0.values.isEmpty }
    }

    private static func issuers(_ context: RegistryContext) -> [String: String] {
        var values: [String: String] = [:]
        for registry in context.inputs.registries {
            var byGroup: [String: String] = [:]
            for group in registry.groups {
                guard case .x509(let certificates) = group.attestation else { continue }
                let referred = certificates.caReferences.lazy.compactMap { name in
                    registry.certificates.first { $0.name == name }?.entry
                }
                let entry = certificates.signing.first ?? referred.first
                if let subject = entry.flatMap({ CertificateFacts($0).subject }) { byGroup[folded(group.id)] = subject }
            }
            for (key, registration) in context.facts.registrations where registry.individual(key) == nil {
                if let group = registration.group, let subject = byGroup[folded(group)] { values[key] = subject }
            }
            for (key, enrollment) in registry.individuals {
                guard case .x509(let certificates) = enrollment.attestation, let entry = certificates.client.first,
                    let issuer = CertificateFacts(entry).issuer
                else { continue }
                values[key] = issuer
            }
        }
        for (key, item) in context.requests {
            guard let text = item.request.clientCertificateChain.first, let leaf = CertificateFacts.read(text).first
            else { continue }
            values[key] = leaf.issuer ?? values[key]
        }
        return values
    }

    private static func keys(_ context: RegistryContext) -> [String: String] {
        var values: [String: String] = [:]
        for registry in context.inputs.registries {
            var names: [String: String] = [:]
            for hub in registry.hubs { names[shortHub(hub.name)] = hub.keyName.map { "\(shortHub(hub.name))/\($0)" } }
            if names.isEmpty { continue }
            // The record, else the only hub that the enrollment may use, else what the logs show.
            for (key, registration) in context.facts.registrations {
                if let hub = registration.hub, let name = names[hub] { values[key] = name }
            }
            for (key, enrollment) in registry.individuals {
                if let hub = enrollment.hubs.flatMap({ $0.count == 1 ? $0[0] : nil }), let name = names[shortHub(hub)] {
                    values[key] = name
                }
            }
            for (key, record) in registry.registrations {
                if let hub = record.assignedHub, let name = names[shortHub(hub)] { values[key] = name }
            }
        }
        return values
    }
}
