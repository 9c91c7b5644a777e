import Attestation
import Testing

@Suite struct AllocatorTests {
    private func decide(
        _ fields: String = "",
        registration: String? = nil,
        apiVersion: String = "2021-06-01",
        id: String = "d1",
        _ change: (inout Circumstances) -> Void = { _ in }
    ) async throws -> Verdict {
        var random = SeededRandom(seed: 31)
        var house = House(&random)
        if let registration { house.extra = #", "registrations": [\#(registration)]"# }
        var request = house.request(id)
        request.apiVersion = apiVersion
        var circumstances = Circumstances()
        change(&circumstances)
        let verdict = Verifier.decide(
            try house.registry(groupFields: fields),
            request,
            at: House.now,
            circumstances
        )
        return verdict
    }

    static let onA =
        #"{"registrationId": "d1", "assignedHub": "a.azure-devices.net", "deviceId": "d1", "status": "assigned", "substatus": "initialAssignment"}"#
    static let onGone =
        #"{"registrationId": "d1", "assignedHub": "gone.azure-devices.net", "deviceId": "d1", "status": "assigned", "substatus": "deviceDataMigrated"}"#

    @Test func staticGivesTheOneHub() async throws {
        let verdict = try await decide(#", "allocationPolicy": "static", "iotHubs": ["B.azure-devices.net"]"#)
        #expect(verdict.assignedHub == "b.azure-devices.net")
        #expect(verdict.candidateHubs == [.init(hub: "b.azure-devices.net", probability: 1)])
    }

    @Test func latencyDecidesWhenItIsKnown() async throws {
        let near = try await decide(#", "allocationPolicy": "geoLatency""#) {
            $0.latencies = ["a.azure-devices.net": 40, "B.azure-devices.net": 12]
        }
        #expect(near.assignedHub == "b.azure-devices.net")
        let tie = try await decide(#", "allocationPolicy": "geolatency""#) {
            $0.latencies = ["a.azure-devices.net": 12, "b.azure-devices.net": 12]
        }
        #expect(tie.assignedHub == nil)
        #expect(tie.candidateHubs.map(\.probability) == [0.25, 0.75])
        let unknown = try await decide(#", "allocationPolicy": "geoLatency""#) {
            $0.latencies = ["a.azure-devices.net": 4]
        }
        #expect(unknown.candidateHubs.map(\.probability) == [nil, nil])
        #expect(unknown.decision == .assigned && unknown.assignedHub == nil)
    }

    @Test func emulatedChoiceFollowsTheWeights() async throws {
        var count = 0
        for round in 0..<400 {
            let verdict = try await decide(id: "device-\(round)")
            let state = verdict.response["final"]?["body"]?["registrationState"]
            if state?["assignedHub"]?.text == "b.azure-devices.net" { count += 1 }
        }
        // 300 are expected, the standard deviation is under 9.
        #expect((260...340).contains(count))
    }

    @Test func theWebhookChooses() async throws {
        let custom = #", "allocationPolicy": "custom", "customAllocationDefinition": {"webhookUrl": "https://x"}"#
        let unasked = try await decide(custom)
        #expect(unasked.decision == .cannotVerify)
        #expect(unasked.candidateHubs.count == 2)
        let asked = try await decide(custom) {
            $0.webhookAnswer = .answered(
                status: 200,
                body: ["iotHubHostName": "A.azure-devices.net", "payload": ["n": 1]]
            )
        }
        #expect(asked.assignedHub == "a.azure-devices.net")
        #expect(asked.response["final"]?["body"]?["registrationState"]?["payload"] == ["n": 1])
        let never = try await decide(
            custom + #", "reprovisionPolicy": {"updateHubAssignment": false, "migrateDeviceData": false}"#,
            registration: Self.onA
        ) { $0.webhookAnswer = .answered(status: 200, body: ["iotHubHostName": "b.azure-devices.net"]) }
        #expect(never.errorCode == 400_207)
    }

    @Test func anUnknownPolicyIsNotGuessed() async throws {
        let verdict = try await decide(#", "allocationPolicy": "nearest""#)
        #expect(verdict.decision == .cannotVerify)
    }

    struct Move: Sendable {
        let policy: String
        let record: String?
        let version: String
        let hub: String
        let substatus: String
        let twin: String
    }

    static let migrate = #", "reprovisionPolicy": {"updateHubAssignment": true, "migrateDeviceData": true}"#
    static let reset = #", "reprovisionPolicy": {"updateHubAssignment": true, "migrateDeviceData": false}"#
    static let never = #", "reprovisionPolicy": {"updateHubAssignment": false, "migrateDeviceData": false}"#
    static let a = "a.azure-devices.net"
    static let gone = "gone.azure-devices.net"
    static let kept = "kept as it is"
    static let migrated = "copied to the new hub, with the capabilities"
    static let renewed = "replaced by the enrollment's initial twin"
    static let initial = "the enrollment's initial twin"
    static let moves: [Move] = [
        Move(
            policy: migrate,
            record: nil,
            version: "2021-06-01",
            hub: a,
            substatus: "initialAssignment",
            twin: initial
        ),
        Move(
            policy: migrate,
            record: onGone,
            version: "2021-06-01",
            hub: a,
            substatus: "deviceDataMigrated",
            twin: migrated
        ),
        Move(policy: reset, record: onGone, version: "2021-06-01", hub: a, substatus: "deviceDataReset", twin: renewed),
        Move(
            policy: never,
            record: onGone,
            version: "2021-06-01",
            hub: gone,
            substatus: "deviceDataMigrated",
            twin: kept
        ),
        Move(
            policy: "",
            record: onGone,
            version: "2021-06-01",
            hub: a,
            substatus: "deviceDataMigrated",
            twin: migrated
        ),
        Move(policy: "", record: onGone, version: "2018-04-01", hub: gone, substatus: "deviceDataMigrated", twin: kept),
        Move(policy: reset, record: onGone, version: "2018-04-01", hub: a, substatus: "deviceDataReset", twin: renewed),
        Move(
            policy: migrate,
            record: onA,
            version: "2021-06-01",
            hub: a,
            substatus: "reprovisionedToInitialAssignment",
            twin: kept
        ),
        Move(
            policy: reset,
            record: onA,
            version: "2021-06-01",
            hub: a,
            substatus: "reprovisionedToInitialAssignment",
            twin: renewed
        ),
    ]

    @Test(arguments: moves)
    func reprovisionsByPolicy(move: Move) async throws {
        let verdict = try await decide(
            #", "allocationPolicy": "static", "iotHubs": ["a.azure-devices.net"]"# + move.policy,
            registration: move.record,
            apiVersion: move.version
        )
        #expect(verdict.assignedHub == move.hub)
        #expect(verdict.substatus == move.substatus)
        #expect(verdict.twin == move.twin)
        if move.hub == Self.gone { #expect(verdict.diagnosis.first?.mistake == "M34") }
    }

    @Test func tellsOldClientsTheOldSubstatus() async throws {
        let fixed = #", "allocationPolicy": "static", "iotHubs": ["a.azure-devices.net"]"#
        for (version, told) in [("2019-03-31", "initialAssignment"), ("2019-04-15", "deviceDataMigrated")] {
            let verdict = try await decide(fixed, registration: Self.onGone, apiVersion: version)
            let state = verdict.response["final"]?["body"]?["registrationState"]
            #expect(state?["substatus"]?.text == told)
            #expect(verdict.substatus == "deviceDataMigrated")
        }
    }

    @Test func theWebhookIsSentNoKey() throws {
        var random = SeededRandom(seed: 32)
        let house = House(&random)
        let registry = try #require(try house.registry().first)
        let body = Webhook.request(
            enrollment: registry.groups[0],
            registrationID: "d1",
            current: nil,
            payload: ["a": 1],
            linkedHubs: ["a.azure-devices.net"]
        )
        #expect(body["deviceRuntimeContext"]?["payload"] == ["a": 1])
        #expect(body["enrollmentGroup"]?["enrollmentGroupId"]?.text == "group-0")
        #expect(!JSONText.line(body).contains(House.text(house.groupKeys[0].primary)))
    }
}
