internal import SwiftASN1
internal import X509

/// Every MUST of RFC 5280, sections 4 and 6, about the certificates of a path and about the path.
///
/// The trusted certificate at the end is held to the rules as well, since it is given as a certificate. Policies are judged
/// with the initial values of 6.1.1 that accept any policy.
///
/// Not judged: revocation (section 6.3), whether a leaf's key usage suits its purpose (4.2.1.12 gives that as advice), and
/// rules about what a CA does rather than what it writes, such as that serial numbers are unique.
struct RFC5280Profile: PathProfile {
    let now: UnixTime
    let purpose: PathPurpose

    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint] {
        let name = pathName(certificate, isLeaf: isLeaf)
        var complaints = DPSProfile(now: now, purpose: purpose).local(certificate, isLeaf: isLeaf).filter {
            // The list of extensions that are known is another one here.
            !$0.text.contains("critical extension")
        }
        var texts = Self.written(certificate)
        texts += ExtensionRules.complaints(certificate)
        if let content = certificate.content {
            if content.issuer.isEmpty { texts.append("has an empty issuer (4.1.2.4)") }
            if content.subject.isEmpty, !isLeaf || certificate.isAuthority {
                texts.append("is a CA without a subject (4.1.2.6)")
            }
            if !isLeaf, (try? content.extensions.keyUsage) == nil {
                texts.append("is a CA without key usage (4.2.1.3)")
            }
        }
        complaints += texts.map { PathComplaint(text: "\(name) \($0)", kind: .unsound) }
        return complaints
    }

    func whole(_ path: [KnownCertificate]) -> [PathComplaint] {
        DPSProfile(now: now, purpose: purpose).whole(path)
            + KeyIdentifierRules.complaints(path)
            + NameConstraintRules.complaints(path)
            + PolicyTree.complaints(path)
    }

    func unjudged(_ certificate: KnownCertificate) -> String? {
        // A distribution point is about revocation, which is not judged; marked critical it may not be passed over.
        certificate.content?.extensions[oid: [2, 5, 29, 31]].flatMap {
            $0.critical ? "\(certificate.subject) has critical CRL distribution points, which are not judged here" : nil
        }
    }

    func refuses(for complaint: PathComplaint) -> Bool { true }

    func refuses(unread certificate: KnownCertificate) -> [PathComplaint] {
        Self.written(certificate).map { PathComplaint(text: "a certificate \($0)", kind: .unsound) }
    }

    /// What is wrong with how the fields are written, as far as the bytes can be read at all.
    private static func written(_ certificate: KnownCertificate) -> [String] {
        guard let raw = try? RawCertificate(der: certificate.der) else { return [] }
        var texts: [String] = []
        if raw.innerAlgorithm != raw.outerAlgorithm { texts.append("names two signature algorithms (4.1.1.2)") }
        if raw.version != 3, !raw.extensions.isEmpty {
            texts.append("has extensions and is not of version 3 (4.1.2.1)")
        }
        if raw.writesDefaults { texts.append("writes values that DER leaves out (4.1)") }
        if raw.hasUniqueIdentifiers { texts.append("has unique identifiers (4.1.2.8)") }
        if raw.hasBrokenRSAKey { texts.append("has an RSA key that is not one (4.1.2.7)") }
        let isNegative = (raw.serial.first ?? 0) >= 0x80
        let value = raw.serial.drop { $0 == 0 }
        if isNegative || value.isEmpty { texts.append("has a serial number that is not positive (4.1.2.2)") }
        if value.count > 20 { texts.append("has a serial number of more than 20 bytes (4.1.2.2)") }
        if raw.times.contains(where: { !$0.isUTC && $0.year < 2050 }) {
            texts.append("writes a time before 2050 as GeneralizedTime (4.1.2.5)")
        }
        var seen: Set<ASN1ObjectIdentifier> = []
        for number in raw.extensions.map(\.number) where !seen.insert(number).inserted {
            texts.append("has the extension \(number) twice (4.2)")
        }
        return texts
    }
}
