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
        groups.filter { signs($0, certificate) == .same }.sorted { $0.id < $1.id }
    }

    /// The disabled individual enrollments, of whatever id, that pin a device certificate.
    func disabledIndividuals(pinning certificate: KnownCertificate) -> [Enrollment] {
        disabledPins.filter { enrollment in
            guard case .x509(let certificates) = enrollment.attestation else { return false }
            return certificates.client.contains { $0.compare(certificate) == .same }
        }
    }

    /// The X.509 groups.
    var certificateGroups: [Enrollment] {
        groups.filter { if case .x509 = $0.attestation { true } else { false } }
    }
}
