internal import SwiftASN1

/// What the public part of an RSA key says of its strength.
public struct RSAKeyFacts: Sendable, Equatable {
    /// Why an RSA key is weak.
    public enum Weakness: Sendable, Equatable {
        /// Fewer than 2048 bits (NIST SP 800-131A: not to be used after 2013).
        case short(bits: Int)
        /// An exponent of 1 or an even one: what is signed with it proves nothing.
        case exponent
        /// An even modulus is no product of two large primes.
        case modulus
        /// ROCA, CVE-2017-15361: the private key can be found from the public one.
        case roca

        /// A few words.
        public var description: String {
            switch self {
            case .short(let bits): "RSA of \(bits) bits, 2048 are the least"
            case .exponent: "RSA with an exponent that is 1 or even"
            case .modulus: "RSA with an even modulus"
            case .roca: "RSA made by a faulty library (ROCA, CVE-2017-15361)"
            }
        }
    }

    /// The length of the modulus in bits.
    public let bits: Int
    /// What is wrong with it; empty if nothing is found.
    ///
    /// Not looked for: keys of the Debian generator of 2006 to 2008 (CVE-2008-0166), which takes lists of them; primes
    /// that keys share.
    public let weaknesses: [Weakness]

    /// Judges a key by its big-endian modulus and exponent.
    init(modulus: some Collection<UInt8>, exponent: some Collection<UInt8>) {
        let number = Array(modulus.drop { $0 == 0 })
        let power = Array(exponent.drop { $0 == 0 })
        bits = number.isEmpty ? 0 : number.count * 8 - number[0].leadingZeroBitCount
        var found: [Weakness] = []
        if bits < 2048 { found.append(.short(bits: bits)) }
        if power.isEmpty || power == [1] || (power.last ?? 0) & 1 == 0 { found.append(.exponent) }
        if (number.last ?? 0) & 1 == 0 { found.append(.modulus) }
        if ROCAFingerprint.marks(number) { found.append(.roca) }
        weaknesses = found
    }

    /// The key of a SubjectPublicKeyInfo (RFC 5280, 4.1; RFC 8017, A.1.1); nil for other kinds of keys.
    init?(_ info: ASN1Node) throws {
        let parts = try DER.sequence(info, identifier: .sequence) { nodes in
            guard let algorithm = nodes.next() else {
                throw ASN1Error.invalidASN1Object(reason: "no algorithm")
            }
            return (algorithm, try ASN1BitString(derEncoded: &nodes))
        }
        let kind = try DER.sequence(parts.0, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(derEncoded: &nodes)
            // The parameters, if any, do not matter for the strength.
            while nodes.next() != nil {}
            return kind
        }
        // rsaEncryption and id-RSASSA-PSS hold the same key.
        guard kind == [1, 2, 840, 113549, 1, 1, 1] || kind == [1, 2, 840, 113549, 1, 1, 10] else { return nil }
        let (modulus, exponent) = try DER.sequence(try DER.parse(parts.1.bytes), identifier: .sequence) { nodes in
            (try ArraySlice<UInt8>(derEncoded: &nodes), try ArraySlice<UInt8>(derEncoded: &nodes))
        }
        self.init(modulus: modulus, exponent: exponent)
    }
}

extension TPMPublicKey {
    /// What its modulus says of its strength; the exponent of such keys is always 65537.
    public var strength: RSAKeyFacts { RSAKeyFacts(modulus: modulus, exponent: [1, 0, 1]) }
}
