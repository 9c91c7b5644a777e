internal import BigInt
internal import Crypto
internal import CryptoExtras

/// The building blocks of a TPM's credential and duplication protection (TPM 2.0 Library, part 1, 11.4.10 and annex B.4).
enum TPMPrimitives {
    /// Two bytes of size and the bytes.
    static func sized(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
    }

    /// KDFa with SHA-256, up to 256 bits.
    static func kdfa(_ key: [UInt8], _ label: String, _ u: [UInt8], _ v: [UInt8], bits: Int) -> [UInt8] {
        let counter: [UInt8] = [0, 0, 0, 1]
        let length = [UInt8(0), 0, UInt8(truncatingIfNeeded: bits >> 8), UInt8(truncatingIfNeeded: bits)]
        return Array(SecretBytes(key).hmacSHA256(counter + Array(label.utf8) + [0] + u + v + length).prefix(bits / 8))
    }

    /// AES-128 in CFB mode from a zero vector; the last block may be partial.
    static func cfb(_ key: [UInt8], _ text: [UInt8]) throws -> [UInt8] {
        guard !text.isEmpty else { return [] }
        let vector = try AES._CFB.IV(ivBytes: [UInt8](repeating: 0, count: 16))
        return Array(try AES._CFB.encrypt(text, using: SymmetricKey(data: key), iv: vector))
    }

    /// RSAES-OAEP with SHA-256 to a 2048-bit key; the label ends with a zero byte (RFC 8017, 7.1.1).
    static func oaep(_ modulus: [UInt8], _ label: String, _ message: [UInt8], seed: [UInt8]) -> [UInt8] {
        let labelHash = StableHash.sha256(Array(label.utf8) + [0])
        let padding = [UInt8](repeating: 0, count: 223 - 32 - 1 - message.count)
        let block = labelHash + padding + [1] + message
        let masked = zip(block, mgf1(seed, 223)).map { $0 ^ $1 }
        let maskedSeed = zip(seed, mgf1(masked, 32)).map { $0 ^ $1 }
        let number = BigUInt(bytes: [0] + maskedSeed + masked).power(65_537, modulus: BigUInt(bytes: modulus))
        let bytes = Array(number.serialize())
        return [UInt8](repeating: 0, count: 256 - bytes.count) + bytes
    }

    static func mgf1(_ seed: [UInt8], _ count: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < count {
            mask += StableHash.sha256(seed + (0..<4).map { UInt8(truncatingIfNeeded: counter >> (24 - 8 * $0)) })
            counter += 1
        }
        return Array(mask.prefix(count))
    }
}

extension BigUInt {
    /// A number from big-endian bytes.
    fileprivate init(bytes: [UInt8]) {
        self = bytes.reduce(into: BigUInt(0)) { number, byte in
            number <<= 8
            number += BigUInt(byte)
        }
    }
}
