import Basics
import Testing

@testable import Attestation

@Suite struct TPMChallengeTests {
    /// A challenge made from a vector's inputs.
    private static func make(_ vector: TPMVectors.Challenge) throws -> TPMChallenge {
        let tpm = try TPMVectors.all().tpm(vector.tpm)
        return try TPMChallenge.make(
            endorsementKey: tpm.ek.public,
            storageRootKey: tpm.srk.public,
            idScope: "0ne00A1B2C3",
            registrationId: "device-01",
            randomness: try vector.random(),
            data: Hex.bytes(vector.encryptedDataPlaintext)
        )
    }

    @Test func allVectorsAreThere() throws {
        let vectors = try TPMVectors.all()
        #expect(vectors.challenges.count == 15 && vectors.negativeBlobs.count == 24)
    }

    @Test(arguments: try TPMVectors.all().challenges)
    func challengeIsTheVectorByteForByte(_ vector: TPMVectors.Challenge) throws {
        let challenge = try Self.make(vector)
        let blob = try TPMChallengeBlob(parsing: challenge.authenticationKey)
        // Field by field first: a difference then says where it is.
        #expect(Hex.text(blob.credentialBlob) == vector.expected["credentialBlob"])
        #expect(Hex.text(blob.encryptedSecret) == vector.expected["encryptedSecret"])
        #expect(Hex.text(blob.duplicate) == vector.expected["duplicate"])
        #expect(Hex.text(blob.inSymSeed) == vector.expected["inSymSeed"])
        #expect(Hex.text(blob.identityPublic) == vector.expected["idKeyPublic"])
        #expect(Hex.text(blob.encryptedData) == vector.expected["encryptedData"])
        #expect(Base64Text.encode(challenge.authenticationKey) == vector.expected["authenticationKey"])
        #expect(blob.bytes == challenge.authenticationKey)
        #expect(challenge.session.key.withBytes { Hex.text($0) } == vector.randomness["identityKey"])
    }

    @Test(arguments: try TPMVectors.all().challenges)
    func deviceOpensTheChallenge(_ vector: TPMVectors.Challenge) throws {
        let tpm = try TPMVectors.all().tpm(vector.tpm)
        let device = DeviceTPM(
            endorsement: try TPMPublicKey(base64: tpm.ek.public, called: "EK"),
            storage: try TPMPublicKey(base64: tpm.srk.public, called: "SRK")
        )
        let key = try device.open(
            try Self.make(vector).authenticationKey,
            openedSecret: Hex.bytes(try #require(vector.intermediate["credentialEm"])),
            openedSeed: Hex.bytes(try #require(vector.intermediate["duplicationEm"]))
        )
        #expect(Hex.text(key) == vector.randomness["identityKey"])
    }

    @Test(arguments: try TPMVectors.all().negativeBlobs)
    func deviceRefusesADamagedChallengeAtItsStage(_ vector: TPMVectors.Negative) throws {
        let tpm = try TPMVectors.all().tpm(vector.tpm)
        let device = DeviceTPM(
            endorsement: try TPMPublicKey(base64: tpm.ek.public, called: "EK"),
            storage: try TPMPublicKey(base64: tpm.srk.public, called: "SRK")
        )
        let refusal = #expect(throws: DeviceTPM.Refusal.self) {
            try device.open(
                try Base64Text.decode(vector.authenticationKey),
                openedSecret: vector.opened["encryptedSecret"].map { Hex.bytes($0) },
                openedSeed: vector.opened["inSymSeed"].map { Hex.bytes($0) }
            )
        }
        #expect(refusal?.rawValue == vector.stage)
    }

    @Test func defaultDataKeepsTheBlobWithinTwoFrames() throws {
        let tpm = try TPMVectors.all().tpms[0]
        for count in [1, 64, 128] {
            let challenge = try TPMChallenge.make(
                endorsementKey: tpm.ek.public,
                storageRootKey: tpm.srk.public,
                idScope: "0ne00A1B2C3",
                registrationId: String(repeating: "d", count: count),
                randomness: [UInt8](repeating: 7, count: TPMChallenge.randomByteCount)
            )
            let blob = try TPMChallengeBlob(parsing: challenge.authenticationKey)
            #expect(!blob.encryptedData.isEmpty && challenge.authenticationKey.count <= 916)
        }
    }

    @Test(arguments: [0, 1, 207, 209])
    func wrongAmountOfRandomnessIsRefused(_ count: Int) throws {
        let tpm = try TPMVectors.all().tpms[0]
        #expect(throws: TPMKeyError.randomness) {
            try TPMChallenge.make(
                endorsementKey: tpm.ek.public,
                storageRootKey: tpm.srk.public,
                idScope: "s",
                registrationId: "i",
                randomness: [UInt8](repeating: 1, count: count)
            )
        }
    }

    @Test func damagedBlobsAreReadWithoutHarm() throws {
        let vectors = try TPMVectors.all().challenges
        let whole = try Base64Text.decode(try #require(vectors[0].expected["authenticationKey"]))
        var random = SeededRandom(seed: 62)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            // Sizes are where a reader can go wrong, so they are hit on purpose.
            let size = try #require([0, 54, 312, 456, 714, 764].randomElement(using: &random))
            if Int.random(in: 0..<3, using: &random) == 0 {
                bytes[size] = UInt8.random(in: .min ... .max, using: &random)
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 1: bytes += random.bytes(Int.random(in: 1..<9, using: &random))
            default: break
            }
            do {
                #expect(try TPMChallengeBlob(parsing: bytes).bytes == bytes)
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect((10_000..<20_000).contains(refused))
    }
}
