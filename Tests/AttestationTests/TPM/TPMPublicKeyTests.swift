import Basics
import Testing

@testable import Attestation

@Suite struct TPMPublicKeyTests {
    @Test(arguments: try TPMVectors.all().tpms.map(\.id))
    func nameAndRegistrationIDAreTheVectors(_ id: String) throws {
        let tpm = try TPMVectors.all().tpm(id)
        let endorsement = try TPMPublicKey(base64: tpm.ek.public, called: "EK")
        #expect(Hex.text(endorsement.name) == tpm.ek.name)
        #expect(Hex.text(try TPMPublicKey(base64: tpm.srk.public, called: "SRK").name) == tpm.srk.name)
        #expect(TPMRegistrationID.derived(from: endorsement) == tpm.registrationIdFromEk)
        #expect(RegistrationID.complaint(tpm.registrationIdFromEk) == nil)
    }

    /// RFC 4648, section 10, without padding and in lower case.
    @Test(arguments: [("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foobar", "mzxw6ytboi")])
    func base32IsThatOfTheRFC(_ plain: String, _ expected: String) {
        #expect(TPMRegistrationID.base32(Array(plain.utf8)) == expected)
    }

    @Test func allRejectedKeysAreThere() throws {
        #expect(try TPMVectors.all().rejectedKeys.count == 25)
    }

    @Test(arguments: try TPMVectors.all().rejectedKeys)
    func unsuitableKeysAreRefusedWithTheirReason(_ vector: TPMVectors.RejectedKeys) throws {
        let error = #expect(throws: TPMKeyError.self) {
            try TPMChallenge.make(
                endorsementKey: vector.endorsementKey,
                storageRootKey: vector.storageRootKey,
                idScope: "scope",
                registrationId: "id",
                randomness: [UInt8](repeating: 1, count: TPMChallenge.randomByteCount)
            )
        }
        let refusal = try #require(error)
        // What only our own rules refuse is told apart from what cannot work.
        if case .untrusted = refusal { #expect(vector.advisory) } else { #expect(!vector.advisory) }
        let key = vector.id.hasPrefix("ek-") && vector.id != "ek-equals-srk" ? "endorsement key" : "storage root key"
        #expect(refusal.description.contains(key))
        #expect(refusal.description.contains(try #require(Self.reasons[vector.id])), "\(refusal)")
    }

    private static let reasons = [
        "ek-empty": "is empty", "srk-empty": "is empty", "ek-not-base64": "not base64 at character 1",
        "ek-truncated": "its size field says", "srk-truncated": "its size field says",
        "ek-trailing": "its size field says",
        "ek-without-size": "its size field says", "ek-size-too-small": "its size field says",
        "ek-size-too-big": "its size field says", "ek-inner-trailing": "1 bytes follow the modulus",
        "ek-type-ecc": "not RSA", "srk-type-keyedhash": "not RSA", "ek-namealg-null": "name algorithm",
        "srk-namealg-sha1": "not made with SHA-256", "ek-sym-null": "not AES", "srk-sym-null": "not AES",
        "srk-mode-cbc": "not CFB", "srk-modulus-short": "255 bytes", "srk-modulus-even": "even",
        "srk-modulus-zero": "shorter than 2048", "srk-exponent-2": "exponent", "srk-unrestricted": "restricted",
        "srk-not-fixedtpm": "stays there", "srk-signing": "attributes", "ek-equals-srk": "endorsement key again",
    ]

    @Test func bothSpellingsOfTheExponentAreOneKeyWithTwoNames() throws {
        let text = try TPMVectors.all().tpms[0].srk.public
        var bytes = try Base64Text.decode(text)
        bytes.replaceSubrange(22..<26, with: [0, 1, 0, 1])
        let written = try TPMPublicKey(wire: bytes, called: "SRK")
        let plain = try TPMPublicKey(base64: text, called: "SRK")
        #expect(written.modulus == plain.modulus && written.name != plain.name)
    }

    @Test func everyCutIsRefused() throws {
        let bytes = try Base64Text.decode(try TPMVectors.all().tpms[0].ek.public)
        for count in 0..<bytes.count {
            var cut = Array(bytes[..<count])
            #expect(throws: TPMKeyError.self) { try TPMPublicKey(wire: cut, called: "EK") }
            guard count >= 2 else { continue }
            // With the size put right, the cut is found inside a field.
            cut.replaceSubrange(0..<2, with: [UInt8((count - 2) >> 8), UInt8((count - 2) & 255)])
            let error = #expect(throws: TPMKeyError.self) { try TPMPublicKey(wire: cut, called: "EK") }
            #expect(try #require(error).description.contains("it ends inside"))
        }
    }

    @Test func damagedKeysAreReadWithoutHarm() throws {
        let vectors = try TPMVectors.all().tpms
        var random = SeededRandom(seed: 61)
        var refused = 0
        for round in 0..<20_000 {
            let tpm = vectors[round % vectors.count]
            var bytes = try Base64Text.decode(round % 2 == 0 ? tpm.ek.public : tpm.srk.public)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<70, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            if Int.random(in: 0..<3, using: &random) == 0 {
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            }
            do {
                let key = try TPMPublicKey(wire: bytes, called: "key")
                #expect(key.wire == bytes && key.modulus.count == 256 && key.modulus[255] % 2 == 1)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect((10_000..<20_000).contains(refused))
    }
}
