import Attestation
import Testing

@Suite struct TPMVectorTests {
    private static func vectors(_ name: String) throws -> [JSONValue] {
        try #require(try JSONValue(utf8: try Fixture.bytes("tpm-vectors.json"))[name]?.elements)
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    @Test func challengesAreTheVectorsByteForByte() throws {
        let vectors = try Self.vectors("challenges")
        #expect(vectors.count == 15)
        for vector in vectors {
            let challenge = try TPMChallenge.make(
                endorsementKey: try #require(vector["endorsementKey"]?.text),
                storageRootKey: try #require(vector["storageRootKey"]?.text),
                idScope: "scope",
                registrationId: "id",
                randomness: Self.bytes(try #require(vector["randomness"]?.text)),
                data: Self.bytes(try #require(vector["data"]?.text))
            )
            #expect(
                Base64Text.encode(challenge.authenticationKey) == vector["authenticationKey"]?.text,
                "\(vector["id"]?.text ?? "")"
            )
        }
    }

    @Test func unsuitableKeysAreRefused() throws {
        let vectors = try Self.vectors("rejectedKeys")
        #expect(vectors.count == 25)
        for vector in vectors {
            #expect(throws: TPMKeyError.self, "\(vector["id"]?.text ?? "")") {
                try TPMChallenge.make(
                    endorsementKey: vector["endorsementKey"]?.text ?? "",
                    storageRootKey: vector["storageRootKey"]?.text ?? "",
                    idScope: "scope",
                    registrationId: "id",
                    randomness: [UInt8](repeating: 1, count: TPMChallenge.randomByteCount)
                )
            }
        }
    }

    @Test func tokensAreJudgedAsLabelled() throws {
        let vectors = try Self.vectors("sas")
        #expect(vectors.count == 26)
        for vector in vectors {
            let session = TPMSession(
                idScope: try #require(vector["scope"]?.text),
                registrationId: try #require(vector["registrationId"]?.text),
                key: SecretBytes(Self.bytes(try #require(vector["identityKey"]?.text)))
            )
            let now = UnixTime(seconds: try #require(vector["now"]?.whole))
            let verdict = session.verify(token: try #require(vector["token"]?.text), now: now)
            #expect(verdict.isAccepted == vector["valid"]?.truth, "\(vector["id"]?.text ?? "")")
        }
    }

    private static func parts() throws -> (ek: String, srk: String, other: String) {
        let all = try vectors("challenges")
        let first = all[0]
        let other = try #require(all.first { $0["endorsementKey"] != first["endorsementKey"] })
        return (
            try #require(first["endorsementKey"]?.text), try #require(first["storageRootKey"]?.text),
            try #require(other["endorsementKey"]?.text)
        )
    }

    @Test func aChallengedTPMIsAssigned() async throws {
        let (ek, srk, other) = try Self.parts()
        let registry = try Registry.read(
            utf8: #"""
                {"idScope": "0ne00111111", "iotHubs": ["a.azure-devices.net"], "individualEnrollments":
                 [{"registrationId": "d1", "attestation": {"type": "tpm", "tpm": {"endorsementKey": "\#(ek)"}}}]}
                """#.utf8
        )
        var request = AttestationRequest(
            idScope: "0ne00111111",
            registrationID: "d1",
            tpm: .init(endorsementKey: ek, storageRootKey: srk)
        )
        var circumstances = Circumstances()
        circumstances.randomness = [UInt8](repeating: 5, count: 32)
        let challenge = await Verifier.decide(registry, request, at: House.now, circumstances)
        #expect(challenge.decision == .challenge && challenge.httpStatus == 401 && challenge.errorCode == nil)
        #expect(challenge.response["register"]?["body"]?["keyName"]?.text == "registration")
        let session = try #require(challenge.tpmSession)
        #expect(!JSONText.line(challenge.json).contains(House.text(session.key)))

        circumstances.tpmSession = session
        let sr = "0ne00111111%2Fregistrations%2Fd1"
        request.authorization = Sign.token(sr: sr, key: session.key, se: "\(House.now.seconds + 30)")
        let assigned = await Verifier.decide(registry, request, at: House.now, circumstances)
        #expect(assigned.decision == .assigned && assigned.diagnosis.isEmpty)
        let state = assigned.response["final"]?["body"]?["registrationState"]
        #expect(state?["tpm"]?["authenticationKey"]?.text?.isEmpty == false)
        request.tpm = nil
        #expect(await Verifier.decide(registry, request, at: House.now, circumstances).decision == .assigned)
        circumstances.tpmSession = nil
        #expect(await Verifier.decide(registry, request, at: House.now, circumstances).decision == .cannotVerify)

        request.authorization = nil
        request.tpm = .init(endorsementKey: other, storageRootKey: srk)
        let foreign = await Verifier.decide(registry, request, at: House.now, circumstances)
        #expect(foreign.httpStatus == 401 && foreign.diagnosis.first?.mistake == "M38")
        request.transport = .mqtt
        let mqtt = await Verifier.decide(registry, request, at: House.now, circumstances)
        #expect(mqtt.decision == .rejected && mqtt.diagnosis.first?.mistake == "M37")
    }

    @Test func survivesFiveThousandDamagedKeys() throws {
        let (ek, srk, _) = try Self.parts()
        var random = SeededRandom(seed: 61)
        let whole = try Base64Text.decode(ek)
        var refused = 0
        for _ in 0..<5_000 {
            var bytes = whole
            bytes[Int.random(in: 0..<60, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            do {
                // Too little randomness is found after the keys were read, so no RSA is computed.
                _ = try TPMChallenge.make(
                    endorsementKey: Base64Text.encode(bytes),
                    storageRootKey: srk,
                    idScope: "s",
                    registrationId: "i",
                    randomness: []
                )
            } catch {
                if error != .randomness { refused += 1 }
            }
        }
        #expect(refused > 3_000 && refused < 5_000)
    }
}
