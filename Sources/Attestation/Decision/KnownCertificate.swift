import Basics
internal import Crypto
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// One certificate as this room reads it: the bytes always, the content if the library understands it.
struct KnownCertificate: Sendable {
    let der: [UInt8]
    /// The content, or nil with the reason in ``fault``.
    let content: Certificate?
    let fault: String
    /// What RSASSA-PSS has to do with it; then ``content`` was read from a copy that names plain RSA in its place.
    private let pss: PSSCertificate?

    private static let unreadable = "the certificate cannot be read here (unusual key, signature or encoding)"

    init(der: [UInt8]) {
        self.der = der
        if let plain = try? Certificate(derEncoded: der) {
            (content, pss, fault) = (plain, nil, "")
            return
        }
        do {
            let read = try PSSCertificate(der: der)
            let plain = try read.map { try Certificate(derEncoded: $0.copy) }
            (content, pss, fault) = (plain, read, plain == nil ? Self.unreadable : "")
        } catch {
            (content, pss) = (nil, nil)
            // The library's own text repeats raw bytes, so only the kind of fault is kept.
            fault =
                (error as? PSSCertificate.Fault).map { "RSASSA-PSS that is not checked here: \($0.reason)" }
                ?? Self.unreadable
        }
    }

    /// A certificate of which not even the bytes could be read.
    init(fault: String) {
        der = []
        content = nil
        pss = nil
        self.fault = fault
    }

    /// Every certificate of a text; see ``CertificateText``.
    static func read(_ text: String) -> [KnownCertificate]? { CertificateText.read(text) }

    var sha1: String { Hex.text(Insecure.SHA1.hash(data: der)) }
    var sha256: String { Hex.text(SHA256.hash(data: der)) }

    /// A certificate's common name.
    enum CommonName: Sendable, Equatable {
        /// The subject has none.
        case missing
        /// There is one, in a string that cannot be read.
        case unreadable
        case text(String)
    }

    /// The subject's last common name.
    var commonName: CommonName { Self.commonName(content?.subject) }

    /// The issuer's last common name, if it has one that can be read.
    var issuerCommonName: String? {
        guard case .text(let name) = Self.commonName(content?.issuer) else { return nil }
        return name
    }

    private static func commonName(_ whole: DistinguishedName?) -> CommonName {
        var name = CommonName.missing
        for relative in whole ?? DistinguishedName() {
            for attribute in relative where attribute.type == .RDNAttributeType.commonName {
                name = NameText.text(attribute.value).map { .text($0) } ?? .unreadable
            }
        }
        return name
    }

    /// Whether the common name is this registration id, case aside.
    func isNamed(_ id: String) -> Bool {
        guard case .text(let name) = commonName else { return false }
        return ASCII.lowercased(name) == ASCII.lowercased(id)
    }

    var subject: String { content.map { NameText.shown($0.subject) } ?? "an unreadable certificate" }
    var issuer: String { content.map { NameText.shown($0.issuer) } ?? "an unreadable certificate" }

    /// The names as they are compared, empty if the certificate cannot be read.
    var subjectKey: String { content.map { NameText.key($0.subject) } ?? "" }
    var issuerKey: String { content.map { NameText.key($0.issuer) } ?? "" }

    /// Name and key together: certificates that share both are of one CA, renewed or cross-signed.
    var identity: String {
        let key = content?.publicKey.subjectPublicKeyInfoBytes ?? []
        return subjectKey + "\n\n" + Hex.text(StableHash.sha256(Array(key)))
    }

    /// Whether subject and issuer have one name, whoever signed (RFC 5280, 3.2: self-issued).
    var isSelfIssued: Bool { content != nil && subjectKey == issuerKey }

    var isAuthority: Bool {
        guard let content, let constraints = try? content.extensions.basicConstraints else { return false }
        if case .isCertificateAuthority = constraints { return true }
        return false
    }

    /// How many authorities may follow below this one, if it says.
    var pathLength: Int? {
        guard let content, let constraints = try? content.extensions.basicConstraints else { return nil }
        if case .isCertificateAuthority(let length) = constraints { return length }
        return nil
    }

    /// Whether key usage, if present, forbids signing certificates.
    var forbidsSigning: Bool {
        guard let content, let usage = try? content.extensions.keyUsage else { return false }
        return !usage.keyCertSign
    }

    /// Whether extended key usage, if present, leaves this use out.
    func forbids(_ purpose: PathPurpose) -> Bool {
        guard let wanted = purpose.usage, let content, let usage = try? content.extensions.extendedKeyUsage else {
            return false
        }
        return !usage.contains(wanted) && !usage.contains(.any)
    }

    /// Whether the signature's hash is SHA-1 or weaker.
    ///
    /// Certificates signed with MD5 are not read at all by the library, which is said as such.
    var isWeaklySigned: Bool {
        if let signature = pss?.signature { return signature.digest == .sha1 }
        return content?.signatureAlgorithm == .sha1WithRSAEncryption
    }

    /// The first moment of its validity.
    var notBefore: UnixTime? {
        content.map { UnixTime(seconds: Int64($0.notValidBefore.timeIntervalSince1970.rounded())) }
    }

    /// The last second of its validity, which is included to its end (RFC 5280, 4.1.2.5).
    var notAfter: UnixTime? {
        content.map { UnixTime(seconds: Int64($0.notValidAfter.timeIntervalSince1970.rounded())) }
    }

    func isValid(at now: UnixTime) -> Bool {
        guard let notBefore, let notAfter else { return false }
        return notBefore <= now && now < notAfter.adding(seconds: 1)
    }

    /// Whether the issuer's name stands in this certificate and its key signed it.
    func isIssued(by issuer: KnownCertificate) -> Bool { names(issuer) && isSigned(by: issuer) }

    /// Whether the other's key made this certificate's signature, whatever the names are.
    func isSigned(by other: KnownCertificate) -> Bool {
        guard let content, let key = other.content?.publicKey else { return false }
        guard other.pss?.allows(pss?.signature) ?? true else { return false }
        if let pss {
            if pss.signature != nil { return pss.isSigned(by: key.subjectPublicKeyInfoBytes) }
            return key.isValidSignature(
                content.signature.rawRepresentation,
                for: pss.signed,
                signatureAlgorithm: content.signatureAlgorithm
            )
        }
        return key.isValidSignature(content.signature, for: content)
    }

    func names(_ issuer: KnownCertificate) -> Bool {
        content != nil && issuer.content != nil && issuerKey == issuer.subjectKey
    }

    var isSelfSigned: Bool { isIssued(by: self) }
}

extension EnrollmentCertificates.Entry {
    /// What an entry says about a presented certificate.
    enum Comparison { case same, different, unknown }

    /// The certificate itself, if the entry shows it and it can be read.
    var certificate: KnownCertificate? {
        text.flatMap { KnownCertificate.read($0)?.first }.flatMap { $0.der.isEmpty ? nil : $0 }
    }

    /// Why the certificate of an entry cannot be read, where the entry has a text for it; nil if it can, or has none.
    var fault: String? {
        guard let text else { return nil }
        guard let read = KnownCertificate.read(text) else { return CertificateText.complaint(text) }
        return read.first.flatMap { $0.der.isEmpty ? $0.fault : nil }
    }

    /// Compares by the certificate's bytes, else by thumbprint.
    func compare(_ presented: KnownCertificate) -> Comparison {
        if let own = certificate { return own.der == presented.der ? .same : .different }
        func plain(_ print: String) -> String { ASCII.lowercased(print.filter { $0 != ":" && $0 != " " }) }
        if let print = sha256Thumbprint { return plain(print) == presented.sha256 ? .same : .different }
        // A SHA-1 thumbprint is what an old export has; a collision needs an attacker who holds the enrolled key.
        if let print = sha1Thumbprint {
            return plain(print) == presented.sha1 || plain(print) == presented.sha256 ? .same : .different
        }
        return .unknown
    }
}
