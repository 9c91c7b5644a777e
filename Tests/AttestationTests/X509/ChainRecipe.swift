import Attestation
import Crypto
import CryptoExtras
import Foundation
import SwiftASN1
import X509

/// How a certificate is to be made; what is not said makes a good one.
struct Recipe {
    var name = "d1"
    var isAuthority: Bool?
    var pathLength: Int?
    var keyUsage: KeyUsage?
    var extendedKeyUsages: [ExtendedKeyUsage.Usage] = []
    /// Days from now.
    var from = -10
    var until = 10
    /// The number of a critical extension that nobody knows, or that constrains names.
    var critical: ASN1ObjectIdentifier?
    var isRSA = false
    /// Signed by a key that is not the issuer's.
    var isForged = false

    static let unknown: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 99999, 1]
    static let nameConstraints: ASN1ObjectIdentifier = [2, 5, 29, 30]

    /// A certificate authority.
    static func authority(_ name: String) -> Recipe {
        Recipe(name: name, isAuthority: true, keyUsage: KeyUsage(keyCertSign: true, cRLSign: true))
    }

    /// A device.
    static func device(_ name: String = "d1") -> Recipe {
        Recipe(
            name: name,
            isAuthority: false,
            keyUsage: KeyUsage(digitalSignature: true),
            extendedKeyUsages: [.clientAuth]
        )
    }

    func with(_ change: (inout Recipe) -> Void) -> Recipe {
        var copy = self
        change(&copy)
        return copy
    }
}

/// A certificate with its key, made after a recipe.
struct Issued {
    let certificate: Certificate
    let key: Certificate.PrivateKey

    /// Two RSA keys for all tests: making one takes longer than everything else.
    private static let rsaKeys = (0..<2).compactMap { _ in try? _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// Issues a certificate; its own issuer if none is given.
    init(_ recipe: Recipe, by issuer: Issued? = nil, reusing old: Issued? = nil) throws {
        if let old {
            key = old.key
        } else if recipe.isRSA, let known = Self.rsaKeys.first {
            key = .init(known)
        } else {
            key = .init(P256.Signing.PrivateKey())
        }
        let subject = try DistinguishedName { CommonName(recipe.name) }
        let signer = recipe.isForged ? Certificate.PrivateKey(P256.Signing.PrivateKey()) : issuer?.key ?? key
        let day = 86_400.0
        let now = Double(House.now.seconds)
        var extensions = Certificate.Extensions()
        switch recipe.isAuthority {
        case true?:
            try extensions.append(
                Certificate.Extension(
                    BasicConstraints.isCertificateAuthority(maxPathLength: recipe.pathLength),
                    critical: true
                )
            )
        case false?:
            try extensions.append(Certificate.Extension(BasicConstraints.notCertificateAuthority, critical: true))
        case nil: break
        }
        if let usage = recipe.keyUsage { try extensions.append(Certificate.Extension(usage, critical: true)) }
        if !recipe.extendedKeyUsages.isEmpty {
            try extensions.append(Certificate.Extension(ExtendedKeyUsage(recipe.extendedKeyUsages), critical: false))
        }
        if let number = recipe.critical {
            try extensions.append(Certificate.Extension(oid: number, critical: true, value: [0x30, 0x00]))
        }
        let isRSASigner = recipe.isForged ? false : (issuer.map { $0.isRSA } ?? recipe.isRSA)
        certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: key.publicKey,
            notValidBefore: Date(timeIntervalSince1970: now + Double(recipe.from) * day),
            notValidAfter: Date(timeIntervalSince1970: now + Double(recipe.until) * day),
            issuer: issuer?.certificate.subject ?? subject,
            subject: subject,
            signatureAlgorithm: isRSASigner ? .sha256WithRSAEncryption : .ecdsaWithSHA256,
            extensions: extensions,
            issuerPrivateKey: signer
        )
        isRSA = recipe.isRSA
    }

    private let isRSA: Bool

    var pem: String { get throws { try certificate.serializeAsPEM().pemString } }

    /// The PEM as a JSON string.
    var json: String {
        get throws {
            "\"" + (try pem).split(whereSeparator: \.isNewline).joined(separator: "\\n") + "\\n\""
        }
    }
}
