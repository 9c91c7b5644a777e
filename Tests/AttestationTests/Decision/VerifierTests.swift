import Attestation
import Testing

@Suite struct VerifierTests {
    private static func house() -> House {
        var random = SeededRandom(seed: 11)
        return House(&random)
    }

    @Test func assignsADeviceOfAGroup() async throws {
        let house = Self.house()
        let verdict = Verifier.decide(try house.registry(), house.request("Dev-1"), at: House.now)
        #expect(verdict.decision == .assigned && verdict.httpStatus == 202 && verdict.errorCode == nil)
        #expect(verdict.enrollment == .init(kind: .group, id: "group-0"))
        #expect(verdict.deviceID == "Dev-1" && verdict.substatus == "initialAssignment")
        #expect(verdict.assignedHub == nil)
        #expect(verdict.candidateHubs.map(\.probability) == [0.25, 0.75])
        #expect(verdict.diagnosis.isEmpty)
    }

    @Test func triesTheSecondaryKeyAndEveryGroup() async throws {
        let house = Self.house()
        let key = DerivedKey.derive(groupKey: house.groupKeys[1].secondary, registrationID: "d1")
        let verdict = Verifier.decide(
            try house.registry(),
            house.request("d1", token: house.token("d1", key: key)),
            at: House.now
        )
        #expect(verdict.decision == .assigned)
        #expect(verdict.enrollment?.id == "group-1")
    }

    @Test func letsTheIndividualEnrollmentDecideAlone() async throws {
        var house = Self.house()
        house.individualKeys["d1"] = SecretBytes([UInt8](repeating: 9, count: 32))
        let registry = try house.registry()
        let own = house.request("D1", token: house.token("D1", key: house.individualKeys["d1"]))
        #expect(Verifier.decide(registry, own, at: House.now).decision == .assigned)
        let group = Verifier.decide(registry, house.request("d1"), at: House.now)
        #expect(group.decision == .rejected)
        #expect(group.diagnosis.first?.mistake == "D8")
    }

    @Test func answersDisabledForADisabledIndividualInsideAnEnabledGroup() async throws {
        var house = Self.house()
        house.individualKeys["d1"] = SecretBytes([UInt8](repeating: 9, count: 32))
        let registry = try house.registry(individualFields: #", "provisioningStatus": "disabled""#)
        let request = house.request("d1", token: house.token("d1", key: house.individualKeys["d1"]))
        let verdict = Verifier.decide(registry, request, at: House.now)
        #expect(verdict.decision == .disabled && verdict.httpStatus == 200)
        #expect(verdict.enrollment == .init(kind: .individual, id: "d1"))
        #expect(verdict.diagnosis.map(\.mistake) == ["M28", "M29"])
    }

    @Test func doesNotCallAHiddenKeyABadKey() async throws {
        let house = Self.house()
        let verdict = Verifier.decide(try house.registry(showKeys: false), house.request("d1"), at: House.now)
        #expect(verdict.decision == .cannotVerify && verdict.httpStatus == nil)
        #expect(verdict.message.hasPrefix("keys not shown"))
        #expect(verdict.diagnosis.isEmpty)
    }

    @Test func refusesWithoutKeysWhatIsWrongWithoutKeys() async throws {
        let house = Self.house()
        let registry = try house.registry(showKeys: false)
        let old = house.request("d1", token: house.token("d1", se: House.now.seconds - 301))
        #expect(Verifier.decide(registry, old, at: House.now).decision == .rejected)
        let other = house.request("d1", token: house.token("d2"))
        #expect(Verifier.decide(registry, other, at: House.now).decision == .rejected)
    }

    /// One row of the table of errors: a request that goes wrong, and what DPS answers.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let decision: Verdict.Decision
        let status: Int?
        let code: Int?
        var groupFields = ""
        var extra = ""
        var change: @Sendable (inout AttestationRequest, House) -> Void = { _, _ in }
        var circumstances: @Sendable (inout Circumstances) -> Void = { _ in }
    }

    static let rows: [Row] = [
        Row(testDescription: "unknown scope, MQTT", decision: .rejected, status: nil, code: nil) { request, _ in
            request.transport = .mqtt
            request.idScope = "0ne00999999"
        },
        Row(testDescription: "unknown scope, HTTPS", decision: .rejected, status: 404, code: 404_001) { request, _ in
            request.idScope = "0ne00999999"
        },
        Row(testDescription: "illegal registration id", decision: .rejected, status: 400, code: 400_004) { request, _ in
            request.registrationID = "d 1"
        },
        Row(testDescription: "another id in the body", decision: .rejected, status: 400, code: nil) { request, _ in
            request.bodyRegistrationID = "d2"
        },
        Row(testDescription: "no id in the path", decision: .rejected, status: 405, code: nil) { request, _ in
            request.registrationID = ""
        },
        Row(testDescription: "media type", decision: .rejected, status: 415, code: nil) { request, _ in
            request.contentType = "text/plain"
        },
        Row(testDescription: "no credential", decision: .rejected, status: 401, code: 401_002) { request, _ in
            request.authorization = nil
        },
        Row(testDescription: "wrong key", decision: .rejected, status: 401, code: 401_002) { request, house in
            request.authorization = house.token("d1", key: SecretBytes([UInt8](repeating: 1, count: 32)))
        },
        Row(testDescription: "expired token", decision: .rejected, status: 401, code: 401_002) { request, house in
            request.authorization = house.token("d1", se: House.now.seconds - 301)
        },
        Row(testDescription: "wrong audience", decision: .rejected, status: 401, code: 401_002) { request, house in
            request.authorization = house.token("d2")
        },
        Row(testDescription: "no token at all", decision: .rejected, status: 401, code: 401_002) { request, _ in
            request.authorization = "Bearer x"
        },
        Row(testDescription: "TPM, unknown registration", decision: .rejected, status: 404, code: 404_201) {
            request,
            _ in
            request.tpm = .init(endorsementKey: "AA==", storageRootKey: nil)
        },
        Row(
            testDescription: "disabled",
            decision: .disabled,
            status: 200,
            code: nil,
            groupFields: #", "provisioningStatus": "disabled""#
        ),
        Row(
            testDescription: "no usable hub",
            decision: .failed,
            status: 202,
            code: 400_208,
            groupFields: #", "allocationPolicy": "static", "iotHubs": ["x.azure-devices.net"]"#
        ),
        Row(
            testDescription: "static without a hub",
            decision: .failed,
            status: 202,
            code: 400_208,
            groupFields: #", "allocationPolicy": "static""#
        ),
        Row(
            testDescription: "hub link not authorised",
            decision: .failed,
            status: 202,
            code: 400_209,
            circumstances: {
                $0.hubsRefusingDPS = ["a.azure-devices.net", "B.azure-devices.net"]
            }
        ),
        Row(
            testDescription: "linked hub gone",
            decision: .failed,
            status: 202,
            code: 401_001,
            circumstances: {
                $0.missingHubs = ["a.azure-devices.net", "b.azure-devices.net"]
            }
        ),
        Row(
            testDescription: "webhook says 400",
            decision: .failed,
            status: 202,
            code: 400_207,
            groupFields: #", "allocationPolicy": "custom""#,
            circumstances: { $0.webhookAnswer = .answered(status: 400, body: nil) }
        ),
        Row(
            testDescription: "webhook unreachable",
            decision: .failed,
            status: 202,
            code: 400_207,
            groupFields: #", "allocationPolicy": "custom""#,
            circumstances: { $0.webhookAnswer = .unreachable }
        ),
        Row(
            testDescription: "webhook names a hub it was not offered",
            decision: .failed,
            status: 202,
            code: 400_207,
            groupFields: #", "allocationPolicy": "custom""#,
            circumstances: { $0.webhookAnswer = .answered(status: 200, body: ["iotHubHostName": "x"]) }
        ),
        Row(
            testDescription: "concurrent registration",
            decision: .rejected,
            status: 412,
            code: 412_001,
            circumstances: {
                $0.isBeingRegistered = true
            }
        ),
        Row(
            testDescription: "rate limit",
            decision: .rejected,
            status: 429,
            code: 429_001,
            circumstances: { $0.isThrottled = true }
        ),
        Row(testDescription: "csr under an old api-version", decision: .rejected, status: 400, code: nil) {
            request,
            _ in
            request.asksForCertificate = true
        },
    ]

    @Test(arguments: rows)
    func answersAsTheTableSays(row: Row) async throws {
        let house = Self.house()
        var request = house.request("d1")
        row.change(&request, house)
        var circumstances = Circumstances()
        row.circumstances(&circumstances)
        let verdict = Verifier.decide(
            try house.registry(groupFields: row.groupFields),
            request,
            at: House.now,
            circumstances
        )
        #expect(verdict.decision == row.decision)
        #expect(verdict.httpStatus == row.status)
        #expect(verdict.errorCode == row.code)
    }

    @Test func sameInputGivesTheSameVerdict() async throws {
        let house = Self.house()
        let registry = try house.registry()
        let first = Verifier.decide(registry, house.request("d1"), at: House.now)
        #expect(Verifier.decide(registry, house.request("d1"), at: House.now).json == first.json)
    }

    @Test func neverShowsKeysOrSignatures() async throws {
        var house = Self.house()
        house.individualKeys["d1"] = SecretBytes([UInt8](repeating: 9, count: 32))
        let registry = try house.registry()
        let keys =
            house.groupKeys.flatMap { [$0.primary, $0.secondary] } + [house.individualKeys["d1"]].compactMap(\.self)
        for request in [house.request("d1"), house.request("d2"), house.request("d3", token: house.token("d4"))] {
            let verdict = Verifier.decide(registry, request, at: House.now)
            let text = JSONText.pretty(verdict.json) + String(reflecting: verdict) + String(reflecting: registry)
            for key in keys {
                for id in ["d1", "d2", "d3", "d4"] {
                    #expect(!text.contains(DerivedKey.clearText(groupKey: key, registrationID: id)))
                }
                #expect(!text.contains(House.text(key)))
            }
        }
    }
}
