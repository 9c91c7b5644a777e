import Crypto
import CryptoExtras

@testable import Attestation

/// The device's side in a few lines: what TPM2_ActivateCredential and TPM2_Import check, in their order.
///
/// The two RSA decryptions are handed in opened, and believed only if the public operation leads back to the secret, so no
/// private key is needed. A real TPM's side is tried by scripts/tpm-roundtrip.
struct DeviceTPM {
    let endorsement: TPMPublicKey
    let storage: TPMPublicKey

    /// The step that refused.
    enum Refusal: String, Error {
        case parse
        case activate
        case `import`
    }

    /// The identity key that a blob carries.
    func open(_ bytes: [UInt8], openedSecret: [UInt8]?, openedSeed: [UInt8]?) throws(Refusal) -> [UInt8] {
        let blob: TPMChallengeBlob
        do { blob = try TPMChallengeBlob(parsing: bytes) } catch { throw .parse }
        let inner = try activate(blob, openedSecret)
        return try load(blob, inner, openedSeed)
    }

    private func activate(_ blob: TPMChallengeBlob, _ opened: [UInt8]?) throws(Refusal) -> [UInt8] {
        guard let seed = seed(blob.encryptedSecret, opened, endorsement, "IDENTITY"),
            let (mac, text) = DeviceTPM.split(blob.credentialBlob),
            mac == DeviceTPM.mac(seed, text, storage.name),
            let inner = DeviceTPM.unsized(DeviceTPM.decrypt(seed, storage.name, text))
        else { throw .activate }
        return inner
    }

    private func load(_ blob: TPMChallengeBlob, _ inner: [UInt8], _ opened: [UInt8]?) throws(Refusal) -> [UInt8] {
        let name = [0x00, 0x0B] + Array(SHA256.hash(data: blob.identityPublic))
        guard let seed = seed(blob.inSymSeed, opened, storage, "DUPLICATE"),
            let (mac, text) = DeviceTPM.split(blob.duplicate),
            mac == DeviceTPM.mac(seed, text, name),
            let (digest, sensitive) = DeviceTPM.split(
                DeviceTPM.decrypt(key: inner, DeviceTPM.decrypt(seed, name, text))
            ),
            digest == Array(SHA256.hash(data: sensitive + name)),
            let area = DeviceTPM.unsized(sensitive),
            // keyedHash with an empty password, then obfuscation and key.
            area.starts(with: [0x00, 0x08, 0x00, 0x00]),
            let (obfuscation, rest) = DeviceTPM.split(Array(area.dropFirst(4))), let key = DeviceTPM.unsized(rest),
            blob.identityPublic.suffix(32) == Array(SHA256.hash(data: obfuscation + key))[...]
        else { throw .import }
        return key
    }

    /// RSAES-OAEP decoding of a block that was opened elsewhere.
    private func seed(_ secret: [UInt8], _ opened: [UInt8]?, _ key: TPMPublicKey, _ label: String) -> [UInt8]? {
        guard let opened, opened.count == 256, opened[0] == 0, TPMPrimitives.rsa(key.modulus, opened) == secret else {
            return nil
        }
        let masked = Array(opened[33...])
        let seed = TPMPrimitives.xor(Array(opened[1..<33]), TPMPrimitives.mgf1(masked, 32))
        let block = TPMPrimitives.xor(masked, TPMPrimitives.mgf1(seed, 223))
        guard Array(block[..<32]) == Array(SHA256.hash(data: Array(label.utf8) + [0])),
            let one = block[32...].firstIndex(where: { $0 != 0 }), block[one] == 1
        else { return nil }
        return Array(block[(one + 1)...])
    }

    /// A sized field and what follows it.
    private static func split(_ bytes: [UInt8]) -> ([UInt8], [UInt8])? {
        guard bytes.count >= 2 else { return nil }
        let size = Int(bytes[0]) << 8 | Int(bytes[1])
        guard bytes.count >= 2 + size else { return nil }
        return (Array(bytes[2..<2 + size]), Array(bytes[(2 + size)...]))
    }

    /// A sized field with nothing after it.
    private static func unsized(_ bytes: [UInt8]) -> [UInt8]? {
        split(bytes).flatMap { $0.1.isEmpty ? $0.0 : nil }
    }

    private static func mac(_ seed: [UInt8], _ text: [UInt8], _ name: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: TPMPrimitives.kdfa(seed, "INTEGRITY", [], [], bits: 256))
        return Array(HMAC<SHA256>.authenticationCode(for: text + name, using: key))
    }

    private static func decrypt(_ seed: [UInt8], _ name: [UInt8], _ text: [UInt8]) -> [UInt8] {
        decrypt(key: TPMPrimitives.kdfa(seed, "STORAGE", name, [], bits: 128), text)
    }

    /// Empty if the key has no length that AES takes.
    private static func decrypt(key: [UInt8], _ text: [UInt8]) -> [UInt8] {
        guard !text.isEmpty, let vector = try? AES._CFB.IV(ivBytes: [UInt8](repeating: 0, count: 16)),
            let plain = try? AES._CFB.decrypt(text, using: SymmetricKey(data: key), iv: vector)
        else { return [] }
        return Array(plain)
    }
}
