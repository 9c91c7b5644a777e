import Basics

/// Which entries of an instance hold a certificate.
extension Registry {
    /// Whether an enrollment names this certificate as one that signs devices, directly or by a CA reference.
    func signs(_ enrollment: Enrollment, _ certificate: KnownCertificate) -> EnrollmentCertificates.Entry.Comparison {
        guard case .x509(let certificates) = enrollment.attestation else { return .different }
        let comparisons = (certificates.signing + referred(certificates)).map { $0.compare(certificate) }
        if comparisons.contains(.same) { return .same }
        return comparisons.contains(.unknown) ? .unknown : .different
    }

    /// The CA certificates that an enrollment names.
    private func referred(_ certificates: EnrollmentCertificates) -> [EnrollmentCertificates.Entry] {
        self.certificates.filter { certificates.caReferences.contains($0.name) }.map(\.entry)
    }

    /// The certificates that sign devices of an enrollment, as far as they are shown.
    func signingCertificates(_ enrollment: Enrollment) -> [KnownCertificate] {
        guard case .x509(let certificates) = enrollment.attestation else { return [] }
        return (certificates.signing + referred(certificates)).compactMap(\.certificate)
            .filter { $0.content != nil }
    }

    /// The CA references of an enrollment that name no CA certificate of the instance.
    func danglingReferences(_ enrollment: Enrollment) -> [String] {
        guard case .x509(let certificates) = enrollment.attestation else { return [] }
        return certificates.caReferences.filter { name in !self.certificates.contains { $0.name == name } }
    }

    /// The groups that hold a certificate, by id, so that the order of the list decides nothing.
    func groups(holding certificate: KnownCertificate) -> [Enrollment] {
        let places = (groupsByPrint[certificate.sha256] ?? []) + (groupsByPrint[certificate.sha1] ?? [])
        return Set(places).map { groups[$0] }.sorted { $0.id < $1.id }
    }

    /// The disabled groups that hold another certificate with this one's name and key, by id.
    func disabledGroups(holdingTwinOf certificate: KnownCertificate) -> [Enrollment] {
        guard !disabledSigners.isEmpty else { return [] }
        return (disabledSigners[certificate.identity] ?? []).filter { $0.certificate.der != certificate.der }
            .map(\.group).sorted { $0.id < $1.id }
    }

    /// The index behind ``disabledGroups(holdingTwinOf:)``.
    static func disabledSigners(_ groups: [Enrollment], _ authorities: [CACertificate]) -> [String: [DisabledSigner]] {
        var index: [String: [DisabledSigner]] = [:]
        for group in groups where !group.isEnabled {
            guard case .x509(let certificates) = group.attestation else { continue }
            let referred = authorities.filter { certificates.caReferences.contains($0.name) }.map(\.entry)
            for certificate in (certificates.signing + referred).compactMap(\.certificate) {
                index[certificate.identity, default: []].append(DisabledSigner(group: group, certificate: certificate))
            }
        }
        return index
    }

    /// The index behind ``groups(holding:)``, made once for all requests.
    ///
    /// A certificate that is shown counts by its bytes alone, any other by the thumbprint that is given, as in a comparison.
    static func index(_ groups: [Enrollment], _ authorities: [CACertificate]) -> [String: [Int]] {
        var index: [String: [Int]] = [:]
        for (place, group) in groups.enumerated() {
            guard case .x509(let certificates) = group.attestation else { continue }
            let referred = authorities.filter { certificates.caReferences.contains($0.name) }.map(\.entry)
            for entry in certificates.signing + referred {
                let given = entry.sha256Thumbprint ?? entry.sha1Thumbprint
                let print =
                    entry.certificate?.sha256 ?? given.map { ASCII.lowercased($0.filter { $0 != ":" && $0 != " " }) }
                if let print { index[print, default: []].append(place) }
            }
        }
        return index
    }

    /// A group whose certificate is there and cannot be read, with the reason.
    var unreadableGroup: (id: String, fault: String)? {
        for group in groups {
            guard case .x509(let certificates) = group.attestation else { continue }
            let entries = certificates.signing + referred(certificates)
            if let fault = entries.compactMap(\.fault).first { return (group.id, fault) }
        }
        return nil
    }

    /// The disabled individual enrollments, of whatever id, that pin a device certificate.
    func disabledIndividuals(pinning certificate: KnownCertificate) -> [Enrollment] {
        disabledPins.filter { enrollment in
            guard case .x509(let certificates) = enrollment.attestation else { return false }
            return certificates.client.contains { $0.compare(certificate) == .same }
        }
    }

    /// Why nothing can be said of a CA that is not found: the document has no list of CA certificates at all.
    var lacksAuthorities: String? {
        listed.contains("certificates") ? nil : "the registry has no list of CA certificates (certificates)"
    }

    /// The X.509 groups.
    var certificateGroups: [Enrollment] {
        groups.filter { if case .x509 = $0.attestation { true } else { false } }
    }
}
