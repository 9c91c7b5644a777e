import Attestation
import Basics
import Foundation
import Testing

/// The vectors of Fixtures/tpm.json.
struct TPMVectors: Decodable, Sendable {
    struct Key: Decodable, Sendable {
        let `public`: String
        let name: String
    }

    struct TPM: Decodable, Sendable {
        let id: String
        let ek: Key
        let srk: Key
        let registrationIdFromEk: String
    }

    struct Challenge: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let tpm: String
        let randomness: [String: String]
        let encryptedDataPlaintext: String
        let intermediate: [String: String]
        let expected: [String: String]
        var testDescription: String { id }

        /// The seven inputs one after the other.
        func random() throws -> [UInt8] {
            try [
                "innerWrapKey", "credentialSeed", "credentialOaepSeed", "duplicationSeed", "duplicationOaepSeed",
                "identityKey", "identityObfuscation",
            ].flatMap { Hex.bytes(try #require(randomness[$0])) }
        }
    }

    struct Negative: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let tpm: String
        let stage: String
        let authenticationKey: String
        let opened: [String: String]
        var testDescription: String { id }
    }

    struct RejectedKeys: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let endorsementKey: String
        let storageRootKey: String
        let advisory: Bool
        var testDescription: String { id }
    }

    struct Token: Decodable, Sendable, CustomTestStringConvertible {
        let id: String
        let identityKey: String
        let scope: String
        let registrationId: String
        let now: Int64
        let token: String
        let valid: Bool
        var testDescription: String { id }
    }

    struct Primitives: Decodable, Sendable {
        struct KDFa: Decodable, Sendable {
            let key: String
            let label: String
            let contextU: String
            let contextV: String
            let bits: Int
            let out: String
        }

        struct CFB: Decodable, Sendable {
            let key: String
            let plaintext: String
            let ciphertext: String
        }

        struct MGF1: Decodable, Sendable {
            let seed: String
            let length: Int
            let out: String
        }

        let kdfa: [KDFa]
        let aesCfb: [CFB]
        let mgf1Sha256: [MGF1]
    }

    let tpms: [TPM]
    let challenges: [Challenge]
    let negativeBlobs: [Negative]
    let rejectedKeys: [RejectedKeys]
    let sas: [Token]
    let primitives: Primitives

    private static let shared = Result { () throws -> TPMVectors in
        try JSONDecoder().decode(TPMVectors.self, from: Data(try Fixture.bytes("tpm.json")))
    }

    static func all() throws -> TPMVectors { try shared.get() }

    func tpm(_ id: String) throws -> TPM { try #require(tpms.first { $0.id == id }) }
}

/// Hexadecimal in tests.
enum Hex {
    static func bytes(_ text: String) -> [UInt8] {
        let digits = Array(text.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    static func text(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
