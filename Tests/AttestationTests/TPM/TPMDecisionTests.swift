import Testing

@testable import Attestation

@Suite struct TPMDecisionTests {
    private static let scope = "0ne00111111"

    private static func registry(_ enrolled: String, id: String = "d1", more: String = "") throws -> [Registry] {
        try Registry.read(
            utf8: #"""
                {"idScope": "\#(scope)", "iotHubs": ["a.azure-devices.net"], "individualEnrollments":
                 [{"registrationId": "\#(id)", "attestation": {"type": "tpm", "tpm": {"endorsementKey": "\#(enrolled)"\#(more)}}}]}
                """#.utf8
        )
    }

    private static func request(_ tpm: TPMVectors.TPM, id: String = "d1") -> AttestationRequest {
        AttestationRequest(
            idScope: scope,
            registrationID: id,
            tpm: .init(endorsementKey: tpm.ek.public, storageRootKey: tpm.srk.public)
        )
    }

    private static func circumstances(_ session: TPMSession? = nil) -> Circumstances {
        var circumstances = Circumstances()
        circumstances.randomness = [UInt8](repeating: 5, count: 32)
        circumstances.tpmSession = session
        return circumstances
    }

    private static func token(_ session: TPMSession, id: String = "d1") -> String {
        Sign.token(sr: "\(scope)%2Fregistrations%2F\(id)", key: session.key, se: "\(House.now.seconds + 30)")
    }

    /// The blob in an answer, taken apart.
    private static func blob(_ value: JSONValue?) throws -> TPMChallengeBlob {
        try TPMChallengeBlob(parsing: try Base64Text.decode(try #require(value?.text)))
    }

    @Test func challengeThenTokenLeadsToAHub() async throws {
        let tpm = try TPMVectors.all().tpms[0]
        let registry = try Self.registry(tpm.ek.public)
        var request = Self.request(tpm)
        let challenge = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(challenge.decision == .challenge && challenge.httpStatus == 401 && challenge.errorCode == nil)
        let body = challenge.response["register"]?["body"]
        #expect(body?["keyName"]?.text == "registration" && body?["status"] == nil)
        _ = try Self.blob(body?["authenticationKey"])
        let session = try #require(challenge.tpmSession)
        #expect(!JSONText.line(challenge.json).contains(House.text(session.key)))

        request.authorization = Self.token(session)
        let assigned = Verifier.decide(registry, request, at: House.now, Self.circumstances(session))
        #expect(assigned.decision == .assigned && assigned.diagnosis.isEmpty)
        let final = assigned.response["final"]?["body"]?["registrationState"]?["tpm"]?["authenticationKey"]
        // The hub's key is another key in a blob of the same form.
        #expect(try Self.blob(final).identityPublic != Self.blob(body?["authenticationKey"]).identityPublic)
        #expect(Verifier.decide(registry, request, at: House.now, Self.circumstances()).decision == .cannotVerify)
    }

    @Test func secondRequestMayComeWithoutTheKeys() async throws {
        let tpm = try TPMVectors.all().tpms[0]
        let registry = try Self.registry(tpm.ek.public)
        var request = Self.request(tpm)
        let challenge = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        let session = try #require(challenge.tpmSession)
        request.tpm = nil
        request.authorization = Self.token(session)
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances(session))
        #expect(verdict.decision == .assigned)
        let final = verdict.response["final"]?["body"]?["registrationState"]?["tpm"]?["authenticationKey"]
        #expect(try Self.blob(final).encryptedSecret.count == 256)
    }

    @Test func tokenOfAnotherKeyIsRefused() async throws {
        let tpm = try TPMVectors.all().tpms[0]
        let registry = try Self.registry(tpm.ek.public)
        var request = Self.request(tpm)
        let session = TPMSession(idScope: Self.scope, registrationId: "d1", key: SecretBytes([UInt8](0..<32)))
        let other = TPMSession(idScope: Self.scope, registrationId: "d1", key: SecretBytes([UInt8](1..<33)))
        request.authorization = Self.token(other)
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances(session))
        #expect(verdict.decision == .rejected && verdict.httpStatus == 401)
        request.authorization = Self.token(session)
        let good = Verifier.decide(registry, request, at: House.now, Self.circumstances(session))
        #expect(good.decision == .assigned)
    }

    @Test func anotherTPMIsM38AndMQTTIsM37() async throws {
        let vectors = try TPMVectors.all()
        let registry = try Self.registry(vectors.tpms[0].ek.public)
        var request = Self.request(vectors.tpms[1])
        let foreign = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(foreign.httpStatus == 401 && foreign.diagnosis.first?.mistake == "M38")
        #expect(foreign.steps.contains { $0.step == "endorsement key" && $0.detail.contains("another TPM") })
        request.transport = .mqtt
        let mqtt = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(mqtt.decision == .rejected && mqtt.diagnosis.first?.mistake == "M37")
    }

    @Test func unknownIDSaysWhereTheKeyIsEnrolled() async throws {
        let tpm = try TPMVectors.all().tpms[0]
        let registry = try Self.registry(tpm.ek.public, id: "old-name")
        let request = Self.request(tpm, id: tpm.registrationIdFromEk)
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(verdict.httpStatus == 404 && verdict.errorCode == 404_201)
        #expect(verdict.steps.contains { $0.detail.contains("enrolled under the id old-name") })
        #expect(verdict.steps.contains { $0.detail.contains("the one that SDKs derive") })
    }

    /// Endorsement keys that differ in ways which want different mending.
    @Test(arguments: [
        ("cut off", "D25", Diagnosis.Confidence.certain), ("storage root key", "D34", .certain),
        ("other attributes", "D26", .likely), ("another TPM", "M38", .certain),
    ])
    func differingKeysAreToldApart(words: String, mistake: String, confidence: Diagnosis.Confidence) async throws {
        let vectors = try TPMVectors.all()
        let tpm = vectors.tpms[0]
        let wire = try Base64Text.decode(tpm.ek.public)
        let enrolled =
            switch words {
            case "cut off": Base64Text.encode(wire.prefix(75))
            case "storage root key": tpm.srk.public
            case "other attributes": Base64Text.encode(wire[..<6] + [wire[6] ^ 0x01] + wire[7...])
            default: vectors.tpms[1].ek.public
            }
        let verdict = Verifier.decide(
            try Self.registry(enrolled),
            Self.request(tpm),
            at: House.now,
            Self.circumstances()
        )
        #expect(verdict.decision == .rejected)
        #expect(verdict.diagnosis.map(\.mistake) == [mistake] && verdict.diagnosis.first?.confidence == confidence)
    }

    /// A tool that cuts the key off does so for the enrollment and for the device alike.
    @Test func aKeyThatIsCutOffOnBothSidesIsNamed() async throws {
        let whole = try Base64Text.decode(try TPMVectors.all().tpms[0].ek.public)
        for length in [60, 100, whole.count - 1] {
            let cut = Base64Text.encode(whole.prefix(length))
            var request = Self.request(try TPMVectors.all().tpms[0])
            request.tpm = .init(endorsementKey: cut, storageRootKey: request.tpm?.storageRootKey ?? "")
            let verdict = Verifier.decide(try Self.registry(cut), request, at: House.now, Self.circumstances())
            #expect(verdict.decision == .rejected && verdict.diagnosis.map(\.mistake) == ["D25"])
        }
    }

    @Test func aTPMWithoutItsOwnEnrollmentIsToldWhy() async throws {
        let vectors = try TPMVectors.all()
        func mistakes(_ registry: [Registry], _ id: String) async -> [String] {
            Verifier.decide(registry, Self.request(vectors.tpms[0], id: id), at: House.now, Self.circumstances())
                .diagnosis.map(\.mistake)
        }
        let stranger = try Self.registry(vectors.tpms[1].ek.public, id: "other")
        #expect(await mistakes(stranger, "d1") == ["D22"])
        let moved = try Self.registry(vectors.tpms[0].ek.public, id: "old-name")
        #expect(await mistakes(moved, "d1") == ["D35"])
        let named = try Registry.read(
            utf8: #"""
                {"idScope": "\#(Self.scope)", "individualEnrollments": [{"registrationId": "reg-1", "deviceId": "boiler",
                 "attestation": {"type": "tpm", "tpm": {"endorsementKey": "\#(vectors.tpms[1].ek.public)"}}}]}
                """#.utf8
        )
        #expect(await mistakes(named, "Boiler") == ["D21"])
    }

    @Test func whiteSpaceInBase64DoesNotMatter() async throws {
        let tpm = try TPMVectors.all().tpms[0]
        let registry = try Self.registry(" " + tpm.ek.public + #"\r\n"#)
        var request = Self.request(tpm)
        request.tpm = .init(endorsementKey: tpm.ek.public + "\n", storageRootKey: tpm.srk.public)
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(verdict.decision == .challenge)
    }

    /// The advisory keys: whether DPS challenges them is not known, so it is not said.
    @Test(arguments: try TPMVectors.all().rejectedKeys)
    func unsuitableKeysAreRefusedOrLeftOpen(_ vector: TPMVectors.RejectedKeys) async throws {
        let registry = try Self.registry(vector.endorsementKey)
        var request = Self.request(try TPMVectors.all().tpms[0])
        request.tpm = .init(endorsementKey: vector.endorsementKey, storageRootKey: vector.storageRootKey)
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        let notBase64 = vector.id == "ek-not-base64"
        #expect(verdict.decision == (vector.advisory || notBase64 ? .cannotVerify : .rejected))
    }

    @Test func enrolledStorageKeyIsNamedButRefusesNothing() async throws {
        let vectors = try TPMVectors.all()
        let more = #", "storageRootKey": "\#(vectors.tpms[1].srk.public)""#
        let registry = try Self.registry(vectors.tpms[0].ek.public, more: more)
        let request = Self.request(vectors.tpms[0])
        let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances())
        #expect(verdict.decision == .challenge)
        #expect(verdict.steps.contains { $0.step == "storage root key" && $0.result == .notChecked })
    }

    @Test func oneRandomnessNeverMakesOneKeyForTwo() async throws {
        let vectors = try TPMVectors.all()
        var keys: [SecretBytes] = []
        for (tpm, id) in [(vectors.tpms[0], "d1"), (vectors.tpms[0], "d2"), (vectors.tpms[1], "d1")] {
            let registry = try Self.registry(tpm.ek.public, id: id)
            let request = Self.request(tpm, id: id)
            let verdict = Verifier.decide(registry, request, at: House.now, Self.circumstances())
            keys.append(try #require(verdict.tpmSession).key)
        }
        #expect(!keys[0].matches(keys[1]) && !keys[0].matches(keys[2]) && !keys[1].matches(keys[2]))
    }
}
