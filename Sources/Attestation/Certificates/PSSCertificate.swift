internal import Crypto
internal import CryptoExtras
internal import SwiftASN1

/// What RSASSA-PSS has to do with a certificate: its own signature, its key, or both (RFC 4055; RFC 8017, 8.1).
///
/// The library of certificates reads neither. It reads ``copy`` instead, in which both are named as plain RSA; the bytes
/// that were signed and the signature are kept from the certificate itself and checked by the library of cryptography.
/// Not checked: signatures whose salt is not as long as the digest, which that library does not verify.
struct PSSCertificate: Sendable {
    /// Why nothing can be said of a certificate of this kind.
    struct Fault: Error {
        let reason: String
    }

    /// The digests that are known.
    enum Digest: Int, Sendable {
        case sha1 = 20
        case sha256 = 32
        case sha384 = 48
        case sha512 = 64
    }

    /// What a signature is made with, or a key is bound to.
    struct Parameters: Sendable, Equatable {
        var digest = Digest.sha1
        var saltLength = 20
    }

    /// The certificate with plain RSA in place of RSASSA-PSS, for reading alone; its signature means nothing.
    let copy: [UInt8]
    /// What the certificate was signed with; nil if it is another algorithm.
    let signature: Parameters?
    /// Whether the certificate's key makes and checks no other signatures (RFC 4055, 1.2).
    let bindsKey: Bool
    /// What the key is bound to, if it says.
    let keyParameters: Parameters?

    /// The bytes that were signed.
    let signed: ArraySlice<UInt8>
    private let value: ArraySlice<UInt8>

    private static let pss: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 10]
    /// AlgorithmIdentifiers with NULL parameters: sha256WithRSAEncryption and rsaEncryption.
    private static let plainSignature: [UInt8] = plain(0x0B)
    private static let plainKey: [UInt8] = plain(0x01)

    private static func plain(_ number: UInt8) -> [UInt8] {
        [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, number, 0x05, 0x00]
    }

    /// Reads a certificate; nil if RSASSA-PSS has no part in it.
    ///
    /// - Throws: ``Fault`` for parameters that are not known, and the library's errors for what is no certificate.
    init?(der: [UInt8]) throws {
        let parts = try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            (try Self.next(&nodes), try Self.next(&nodes), try ASN1BitString(derEncoded: &nodes))
        }
        var fields: [ASN1Node] = []
        _ = try DER.sequence(parts.0, identifier: .sequence) { nodes in
            while let node = nodes.next() { fields.append(node) }
        }
        // The version is [0] and may be left out; then the serial number comes first.
        let first = fields.first?.identifier.tagClass == .contextSpecific ? 1 : 0
        guard fields.count > first + 5 else { throw ASN1Error.invalidASN1Object(reason: "too short") }
        let algorithm = fields[first + 1]
        let key = try Self.key(fields[first + 5])
        signature = try Self.parameters(algorithm).map { $0 ?? Parameters() }
        bindsKey = try Self.parameters(key.algorithm) != nil
        keyParameters = try Self.parameters(key.algorithm) ?? nil
        guard signature != nil || bindsKey else { return nil }
        guard algorithm.encodedBytes == parts.1.encodedBytes else {
            throw Fault(reason: "the certificate names two signature algorithms")
        }
        signed = parts.0.encodedBytes
        value = parts.2.bytes
        var made = fields.map { Array($0.encodedBytes) }
        if signature != nil { made[first + 1] = Self.plainSignature }
        if bindsKey { made[first + 5] = Self.wrapped(Self.plainKey + key.bits) }
        let outer = signature == nil ? Array(parts.1.encodedBytes) : Self.plainSignature
        var bits = DER.Serializer()
        try bits.serialize(parts.2)
        copy = Self.wrapped(Self.wrapped(made.flatMap { $0 }) + outer + bits.serializedBytes)
    }

    /// Whether a key, as a SubjectPublicKeyInfo, made the signature.
    func isSigned(by key: some Collection<UInt8>) -> Bool {
        guard let signature, let key = try? _RSA.Signing.PublicKey(derRepresentation: Array(key)) else { return false }
        let mark = _RSA.Signing.RSASignature(rawRepresentation: Array(value))
        return switch signature.digest {
        case .sha1: key.isValidSignature(mark, for: Insecure.SHA1.hash(data: signed), padding: .PSS)
        case .sha256: key.isValidSignature(mark, for: SHA256.hash(data: signed), padding: .PSS)
        case .sha384: key.isValidSignature(mark, for: SHA384.hash(data: signed), padding: .PSS)
        case .sha512: key.isValidSignature(mark, for: SHA512.hash(data: signed), padding: .PSS)
        }
    }

    /// Whether the certificate's key may make signatures with these parameters; nil stands for another algorithm.
    func allows(_ signature: Parameters?) -> Bool {
        guard bindsKey else { return true }
        guard let signature else { return false }
        // The salt of a bound key is the least that is asked for (RFC 4055, 3.3).
        return keyParameters.map { $0.digest == signature.digest && $0.saltLength <= signature.saltLength } ?? true
    }

    // MARK: - Bytes

    private static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "too short") }
        return node
    }

    private static func wrapped(_ bytes: [UInt8]) -> [UInt8] {
        var serializer = DER.Serializer()
        serializer.appendConstructedNode(identifier: .sequence) { $0.serializeRawBytes(bytes) }
        return serializer.serializedBytes
    }

    private static func key(_ info: ASN1Node) throws -> (algorithm: ASN1Node, bits: ArraySlice<UInt8>) {
        try DER.sequence(info, identifier: .sequence) { nodes in
            (try next(&nodes), try next(&nodes).encodedBytes)
        }
    }

    /// The parameters of an AlgorithmIdentifier: nil if it is not RSASSA-PSS, nil inside if it has none.
    private static func parameters(_ identifier: ASN1Node) throws -> Parameters?? {
        let (kind, content) = try DER.sequence(identifier, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(derEncoded: &nodes)
            let content = nodes.next()
            while nodes.next() != nil {}
            return (kind, content)
        }
        guard kind == pss else { return .none }
        guard let content else { return .some(nil) }
        var found = Parameters()
        var mask = Digest.sha1
        guard case .constructed(let members) = content.content else {
            throw Fault(reason: "its parameters are no list")
        }
        for member in members {
            guard case .constructed(let inner) = member.content, let node = inner.first(where: { _ in true }) else {
                throw Fault(reason: "its parameters cannot be read")
            }
            switch member.identifier.tagNumber {
            case 0: found.digest = try digest(node)
            case 1: mask = try maskDigest(node)
            case 2: found.saltLength = try Int(derEncoded: node)
            case 3 where try Int(derEncoded: node) == 1: break
            default: throw Fault(reason: "its parameters are not known")
            }
        }
        guard mask == found.digest else { throw Fault(reason: "it hashes with one digest and masks with another") }
        guard found.saltLength == found.digest.rawValue else {
            throw Fault(reason: "its salt of \(found.saltLength) bytes is not as long as its digest")
        }
        return found
    }

    private static func digest(_ node: ASN1Node) throws -> Digest {
        let kind = try DER.sequence(node, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(derEncoded: &nodes)
            while nodes.next() != nil {}
            return kind
        }
        switch kind {
        case [1, 3, 14, 3, 2, 26]: return .sha1
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: return .sha256
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: return .sha384
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: return .sha512
        default: throw Fault(reason: "its digest is not known")
        }
    }

    /// MGF1 is the one mask that is known (RFC 8017, B.2.1).
    private static func maskDigest(_ node: ASN1Node) throws -> Digest {
        try DER.sequence(node, identifier: .sequence) { nodes in
            guard try ASN1ObjectIdentifier(derEncoded: &nodes) == [1, 2, 840, 113549, 1, 1, 8] else {
                throw Fault(reason: "its mask is not known")
            }
            return try digest(try next(&nodes))
        }
    }
}
