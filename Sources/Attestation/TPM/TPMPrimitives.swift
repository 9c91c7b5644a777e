internal import BigInt
internal import Crypto
internal import CryptoExtras

/// What a TPM's credential and duplication protection are built of, with SHA-256 and AES-128.
enum TPMPrimitives {
    /// TPM2B: two bytes of size and the bytes.
    static func sized(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }

    /// KDFa, a counter-mode derivation over HMAC (TPM 2.0 Library, part 1, 11.4.10.2; NIST SP 800-108).
    ///
    /// The label's own final zero is the separator: there is exactly one.
    static func kdfa(_ key: [UInt8], _ label: String, _ u: [UInt8], _ v: [UInt8], bits: Int) -> [UInt8] {
        let secret = SecretBytes(key)
        let tail = Array(label.utf8) + [0] + u + v + u32(UInt32(truncatingIfNeeded: bits))
        var output: [UInt8] = []
        var counter: UInt32 = 1
        while output.count * 8 < bits {
            output += secret.hmacSHA256(u32(counter) + tail)
            counter += 1
        }
        return Array(output.prefix(bits / 8))
    }

    /// AES-128 in 128-bit CFB mode from a zero vector; the last block may be partial (part 1, 11.4.6 and annex on CFB).
    static func cfb(_ key: [UInt8], _ text: [UInt8]) throws -> [UInt8] {
        guard !text.isEmpty else { return [] }
        let vector = try AES._CFB.IV(ivBytes: [UInt8](repeating: 0, count: 16))
        return Array(try AES._CFB.encrypt(text, using: SymmetricKey(data: key), iv: vector))
    }

    /// RSAES-OAEP to a 2048-bit key with exponent 65537 (RFC 8017, 7.1.1; TPM 2.0 Library, part 1, annex B.4).
    ///
    /// By hand because the libraries at hand take neither a label nor a seed. The power is computed in a time that depends
    /// on the message; the service that this mirrors keeps none of it.
    static func oaep(_ modulus: [UInt8], _ label: String, _ message: [UInt8], seed: [UInt8]) -> [UInt8] {
        rsa(modulus, oaepEncode(label, message, seed: seed))
    }

    /// EME-OAEP with SHA-256 for 256 bytes; the label is hashed with its final zero.
    ///
    /// - Parameter message: at most 190 bytes; here always a seed of 32.
    static func oaepEncode(_ label: String, _ message: [UInt8], seed: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: max(0, 223 - 32 - 1 - message.count))
        let block = StableHash.sha256(Array(label.utf8) + [0]) + padding + [1] + message
        let masked = xor(block, mgf1(seed, 223))
        return [0] + xor(seed, mgf1(masked, 32)) + masked
    }

    /// The public operation (RFC 8017, 5.1.1): always 256 bytes, padded on the left.
    static func rsa(_ modulus: [UInt8], _ block: [UInt8]) -> [UInt8] {
        let number = integer(block).power(65_537, modulus: integer(modulus))
        let bytes = Array(number.serialize())
        return [UInt8](repeating: 0, count: max(0, 256 - bytes.count)) + bytes
    }

    /// A number from big-endian bytes (RFC 8017, 4.2).
    private static func integer(_ bytes: [UInt8]) -> BigUInt { bytes.withUnsafeBytes { BigUInt($0) } }

    /// MGF1 with SHA-256 (RFC 8017, B.2.1).
    static func mgf1(_ seed: [UInt8], _ count: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < count {
            mask += StableHash.sha256(seed + u32(counter))
            counter += 1
        }
        return Array(mask.prefix(count))
    }

    static func xor(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { zip(left, right).map { $0 ^ $1 } }

    private static func u32(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }
}
