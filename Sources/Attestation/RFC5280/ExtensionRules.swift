internal import SwiftASN1
internal import X509

/// The rules for single extensions, RFC 5280, sections 4.2.1 and 4.2.2.
enum ExtensionRules {
    /// What does not hold of a certificate's extensions, each with its section.
    static func complaints(_ certificate: KnownCertificate) -> [String] {
        guard let content = certificate.content else { return [] }
        return criticality(content) + identifiers(certificate, content) + authority(content) + usages(content)
            + policies(content) + alternativeNames(content)
    }

    // MARK: - Criticality

    private static let names: [ASN1ObjectIdentifier: String] = [
        [2, 5, 29, 35]: "authority key identifier", [2, 5, 29, 14]: "subject key identifier",
        [2, 5, 29, 9]: "subject directory attributes", [2, 5, 29, 46]: "freshest CRL",
        [1, 3, 6, 1, 5, 5, 7, 1, 1]: "authority information access",
        [1, 3, 6, 1, 5, 5, 7, 1, 11]: "subject information access",
        [2, 5, 29, 30]: "name constraints", [2, 5, 29, 36]: "policy constraints", [2, 5, 29, 54]: "inhibit anyPolicy",
    ]

    private static let neverCritical: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 35], [2, 5, 29, 14], [2, 5, 29, 9], [2, 5, 29, 46], [1, 3, 6, 1, 5, 5, 7, 1, 1],
        [1, 3, 6, 1, 5, 5, 7, 1, 11],
    ]

    private static let alwaysCritical: Set<ASN1ObjectIdentifier> = [[2, 5, 29, 30], [2, 5, 29, 36], [2, 5, 29, 54]]

    /// Extensions that are processed here; any other may not be critical.
    ///
    /// Distribution points, which are not, are told of apart.
    private static let processed: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 15], [2, 5, 29, 17], [2, 5, 29, 18], [2, 5, 29, 19], [2, 5, 29, 30], [2, 5, 29, 31], [2, 5, 29, 32],
        [2, 5, 29, 33], [2, 5, 29, 36], [2, 5, 29, 37], [2, 5, 29, 54],
    ]

    private static func criticality(_ content: Certificate) -> [String] {
        content.extensions.compactMap { item in
            let name = names[item.oid] ?? "\(item.oid)"
            if item.critical, neverCritical.contains(item.oid) { return "marks \(name) critical (4.2)" }
            if !item.critical, alwaysCritical.contains(item.oid) { return "does not mark \(name) critical (4.2.1)" }
            guard item.critical, !processed.contains(item.oid), !neverCritical.contains(item.oid) else { return nil }
            return "has a critical extension that is not known (\(item.oid)) (4.2)"
        }
    }

    // MARK: - Key identifiers

    private static func identifiers(_ certificate: KnownCertificate, _ content: Certificate) -> [String] {
        var texts: [String] = []
        switch Result(catching: { try content.extensions.authorityKeyIdentifier }) {
        case .failure: texts.append("has an authority key identifier that cannot be read (4.2.1.1)")
        case .success(let identifier):
            // One that its own key signed may leave it out, whatever it calls its issuer.
            if identifier?.keyIdentifier == nil, !certificate.isSigned(by: certificate) {
                texts.append("has no authority key identifier (4.2.1.1)")
            }
            if let identifier, (identifier.authorityCertIssuer == nil) != (identifier.authorityCertSerialNumber == nil)
            {
                texts.append("names its issuer's issuer or serial number without the other (4.2.1.1)")
            }
        }
        switch Result(catching: { try content.extensions.subjectKeyIdentifier }) {
        case .failure: texts.append("has a subject key identifier that cannot be read (4.2.1.2)")
        case .success(let identifier):
            if identifier == nil, certificate.isAuthority {
                texts.append("is a CA without subject key identifier (4.2.1.2)")
            }
        }
        return texts
    }

    // MARK: - Authorities

    private static func authority(_ content: Certificate) -> [String] {
        var texts: [String] = []
        var isAuthority = false
        var length: Int?
        switch Result(catching: { try content.extensions.basicConstraints }) {
        case .failure: texts.append("has basic constraints that cannot be read (4.2.1.9)")
        case .success(.isCertificateAuthority(let most)?): (isAuthority, length) = (true, most)
        case .success(.notCertificateAuthority?), .success(nil): break
        }
        if isAuthority, content.extensions[oid: [2, 5, 29, 19]]?.critical == false {
            texts.append("is a CA whose basic constraints are not critical (4.2.1.9)")
        }
        if let length, length < 0 { texts.append("has a negative path length (4.2.1.9)") }
        switch Result(catching: { try content.extensions.keyUsage }) {
        case .failure: texts.append("has a key usage that cannot be read (4.2.1.3)")
        case .success(nil):
            if length != nil { texts.append("has a path length and no key usage for signing certificates (4.2.1.9)") }
        case .success(let usage?):
            if usage == KeyUsage() { texts.append("has a key usage without any use (4.2.1.3)") }
            if usage.keyCertSign, !isAuthority { texts.append("may sign certificates and is no CA (4.2.1.3)") }
            if length != nil, !usage.keyCertSign {
                texts.append("has a path length and may not sign certificates (4.2.1.9)")
            }
        }
        if !isAuthority {
            for number: ASN1ObjectIdentifier in [[2, 5, 29, 30], [2, 5, 29, 36], [2, 5, 29, 54], [2, 5, 29, 33]]
            where content.extensions[oid: number] != nil {
                texts.append("has \(names[number] ?? "policy mappings") and is no CA (4.2.1)")
            }
        }
        return texts + NameConstraintRules.form(content)
    }

    private static func usages(_ content: Certificate) -> [String] {
        switch Result(catching: { try content.extensions.extendedKeyUsage }) {
        case .failure: ["has an extended key usage that cannot be read (4.2.1.12)"]
        case .success(let usage?) where usage.isEmpty: ["has an extended key usage without any use (4.2.1.12)"]
        case .success: []
        }
    }

    // MARK: - Policies

    private static func policies(_ content: Certificate) -> [String] {
        let read = PolicyExtensions(content)
        var texts = read.faults
        if let policies = read.policies, Set(policies).count < policies.count {
            texts.append("names a policy twice (4.2.1.4)")
        }
        if read.mappings.contains(where: { $0.issuer == PolicyExtensions.any || $0.subject == PolicyExtensions.any }) {
            texts.append("maps the policy anyPolicy (4.2.1.5)")
        }
        return texts
    }

    // MARK: - Names

    private static func alternativeNames(_ content: Certificate) -> [String] {
        let isCritical = content.extensions[oid: [2, 5, 29, 17]]?.critical
        var texts: [String] = []
        if content.subject.isEmpty, isCritical != true {
            texts.append("has an empty subject and no critical subject alternative name (4.1.2.6)")
        }
        switch Result(catching: { try content.extensions.subjectAlternativeNames }) {
        case .failure: texts.append("has subject alternative names that cannot be read (4.2.1.6)")
        case .success(nil): break
        case .success(let names?):
            if names.isEmpty { texts.append("has an empty subject alternative name (4.2.1.6)") }
            for name in names where !GeneralNameForm.isWellFormed(name) {
                texts.append("has a malformed subject alternative name (4.2.1.6)")
            }
        }
        return texts
    }
}
