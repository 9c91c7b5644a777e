internal import Crypto
internal import Foundation
internal import SwiftASN1
internal import X509

/// One certificate as this room reads it: the bytes always, the content if the library understands it.
struct KnownCertificate: Sendable {
    let der: [UInt8]
    /// The content, or nil with the reason in ``fault``.
    let content: Certificate?
    let fault: String

    init(der: [UInt8]) {
        self.der = der
        do {
            content = try Certificate(derEncoded: der)
            fault = ""
        } catch {
            content = nil
            // The library's own text repeats raw bytes, so only the kind of fault is kept.
            fault = "the certificate cannot be read here (unusual key, signature or encoding)"
        }
    }

    /// The most bytes of one certificate text.
    static let longest = 262_144

    /// Every certificate of a text: PEM with any line length, or bare base64 of the DER; nil if there is none.
    static func read(_ text: String) -> [KnownCertificate]? {
        guard text.utf8.count <= longest else { return nil }
        let begin = "-----BEGIN CERTIFICATE-----"
        guard text.contains(begin) else {
            guard let der = try? Base64Text.decode(text, forgiving: [.whiteSpace, .missingPadding], limit: longest),
                der.count > 16
            else { return nil }
            // `az iot dps certificate list` gives base64 of the uploaded file, which may itself be PEM.
            if der.starts(with: "-----BEGIN".utf8) { return read(String(decoding: der, as: UTF8.self)) }
            return [KnownCertificate(der: der)]
        }
        var certificates: [KnownCertificate] = []
        for part in text.split(separator: begin).suffix(64) {
            guard let end = part.firstRange(of: "-----END CERTIFICATE-----") else { continue }
            let body = String(part[..<end.lowerBound])
            if let der = try? Base64Text.decode(body, forgiving: [.whiteSpace, .missingPadding], limit: longest) {
                certificates.append(KnownCertificate(der: der))
            }
        }
        return certificates.isEmpty ? nil : certificates
    }

    var sha1: String { StableHash.hex(Insecure.SHA1.hash(data: der)) }
    var sha256: String { StableHash.hex(SHA256.hash(data: der)) }

    /// The subject's last common name.
    var commonName: String? {
        guard let content else { return nil }
        var name: String?
        for relative in content.subject {
            for attribute in relative where attribute.type == .RDNAttributeType.commonName {
                name = String(attribute.value) ?? attribute.value.description
            }
        }
        return name
    }

    var subject: String { content.map { Shown.short("\($0.subject)") } ?? "an unreadable certificate" }

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

    /// Whether extended key usage, if present, leaves clientAuth out.
    var forbidsClients: Bool {
        guard let content, let usage = try? content.extensions.extendedKeyUsage else { return false }
        return !usage.contains(.clientAuth) && !usage.contains(.any)
    }

    /// Whether the signature's hash is SHA-1 or weaker.
    ///
    /// Certificates signed with MD5 are not read at all by the library, which is said as such.
    var isWeaklySigned: Bool { content?.signatureAlgorithm == .sha1WithRSAEncryption }

    /// The first critical extension that no rule here judges, by its number; RFC 5280, section 4.2, has it refused.
    var unknownCritical: String? {
        guard let content else { return nil }
        return content.extensions.first {
            $0.critical && !Self.known.contains($0.oid) && !Self.unjudged.contains($0.oid)
        }
        .map { "\($0.oid)" }
    }

    /// A critical extension whose rules are known and not applied here, so that nothing can be said of the path.
    var unjudgedCritical: String? {
        guard let content else { return nil }
        return content.extensions.first { $0.critical && Self.unjudged.contains($0.oid) }.map { "\($0.oid)" }
    }

    /// Basic constraints, key usage, extended key usage, names of the subject, key identifiers.
    private static let known: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 19], [2, 5, 29, 15], [2, 5, 29, 37], [2, 5, 29, 17], [2, 5, 29, 14], [2, 5, 29, 35],
    ]

    /// Name constraints, certificate policies, policy mappings, policy constraints, inhibit anyPolicy.
    private static let unjudged: Set<ASN1ObjectIdentifier> = [
        [2, 5, 29, 30], [2, 5, 29, 32], [2, 5, 29, 33], [2, 5, 29, 36], [2, 5, 29, 54],
    ]

    func isValid(at now: UnixTime) -> Bool {
        guard let content else { return false }
        return content.notValidBefore.timeIntervalSince1970 <= now.fractionalSeconds
            && now.fractionalSeconds <= content.notValidAfter.timeIntervalSince1970 + 1
    }

    /// Whether the issuer's name stands in this certificate and its key signed it.
    func isIssued(by issuer: KnownCertificate) -> Bool {
        guard let content, let other = issuer.content, content.issuer == other.subject else { return false }
        return other.publicKey.isValidSignature(content.signature, for: content)
    }

    func names(_ issuer: KnownCertificate) -> Bool {
        guard let content, let other = issuer.content else { return false }
        return content.issuer == other.subject
    }

    var isSelfSigned: Bool { isIssued(by: self) }
}

extension EnrollmentCertificates.Entry {
    /// What an entry says about a presented certificate.
    enum Comparison { case same, different, unknown }

    /// Compares by the certificate's bytes, else by thumbprint.
    func compare(_ presented: KnownCertificate) -> Comparison {
        if let text, let own = KnownCertificate.read(text)?.first {
            return own.der == presented.der ? .same : .different
        }
        func plain(_ print: String) -> String { asciiLowercased(print.filter { $0 != ":" && $0 != " " }) }
        if let print = sha256Thumbprint { return plain(print) == presented.sha256 ? .same : .different }
        // A SHA-1 thumbprint is what an old export has; a collision needs an attacker who holds the enrolled key.
        if let print = sha1Thumbprint {
            return plain(print) == presented.sha1 || plain(print) == presented.sha256 ? .same : .different
        }
        return .unknown
    }
}
