import Attestation
import Testing

/// Mistakes of tokens, TPMs, ids, scopes and webhooks that lie together.
@Suite struct NearbyTokenMistakeTests {
    private func house(_ seed: UInt64 = 9, groups: Int = 1) -> (House, SeededRandom) {
        var random = SeededRandom(seed: seed)
        return (House(&random, groups: groups), random)
    }

    private func mistakes(_ verdict: Verdict) -> [String] { verdict.diagnosis.map(\.mistake) }

    @Test(arguments: [
        ("2026-01-31T12:00:00Z", "M14"), ("tomorrow", "M14"), ("", "M14"), ("1760003600000000", "M14"),
    ])
    func anExpiryThatIsNoNumberOfSecondsIsAboutTheClock(se: String, mistake: String) async throws {
        let (house, _) = house()
        let token = Sign.token(sr: "\(House.scope)%2Fregistrations%2Fd1", key: house.deviceKey("d1"), se: se)
        let verdict = Verifier.decide(try house.registry(), house.request("d1", token: token), at: House.now)
        #expect(verdict.decision == .rejected && mistakes(verdict) == [mistake])
        let broken = house.request("d1", token: "SharedAccessSignature sr=x&sig=y")
        #expect(mistakes(Verifier.decide(try house.registry(), broken, at: House.now)) == ["D12"])
    }

    @Test(arguments: [
        ("0NE00111111", "D27"), ("0ne00222222", "M16"),
    ])
    func aScopeInAnotherCaseIsNotAnotherScope(scope: String, mistake: String) async throws {
        let (house, _) = house()
        var request = house.request("d1")
        request.idScope = scope
        let verdict = Verifier.decide(try house.registry(), request, at: House.now)
        #expect(mistakes(verdict) == [mistake])
        #expect(verdict.diagnosis.first.map { $0.explanation.contains("case") } == (mistake == "D27"))
    }

    @Test(arguments: [
        ("d1\n", "M6"), (" d1", "M6"), ("\"d1\"", "M6"), ("d 1", "D33"), ("d1;", "D33"), ("d1.", "D33"), ("-d1", "D33"),
        (String(repeating: "d", count: 129), "D33"),
    ])
    func charactersAroundAnIDAreNotThoseInside(id: String, mistake: String) async throws {
        let (house, _) = house()
        let verdict = Verifier.decide(try house.registry(), house.request(id), at: House.now)
        #expect(verdict.httpStatus == 400 && mistakes(verdict) == [mistake])
    }

    @Test func aTokenWhereNoEnrollmentTakesTokensIsSaid() async throws {
        let (house, _) = house()
        let root = try Crafted.authority("root")
        let holding = Holding(held: [("root", root, true)], groups: [try Holding.group("g", root)])
        let verdict = Verifier.decide(try holding.registry(), house.request("d1"), at: House.now)
        #expect(verdict.decision == .rejected && mistakes(verdict) == ["D22"])
        let foreign = Verifier.decide(
            try house.registry(),
            house.request("d1", token: house.token("d1", key: SecretBytes([UInt8](repeating: 7, count: 32)))),
            at: House.now
        )
        #expect(mistakes(foreign) == ["M8"])
    }

    @Test func aDeviceIDSentAsRegistrationIDIsNamed() async throws {
        var (house, random) = house(groups: 0)
        house.individualKeys["reg-6"] = SecretBytes(random.bytes(64))
        house.individualKeys["reg-7"] = SecretBytes(random.bytes(64))
        let registry = try house.registry(individualFields: #", "deviceId": "Boiler-6""#)
        for key in [house.individualKeys["reg-6"], SecretBytes(random.bytes(32))] {
            let request = house.request("Boiler-6", token: house.token("Boiler-6", key: key))
            let verdict = Verifier.decide(registry, request, at: House.now)
            #expect(verdict.decision == .rejected)
            #expect(verdict.diagnosis.first?.mistake == "D21" && !mistakes(verdict).contains("M8"))
            #expect(verdict.diagnosis.contains { ($0.explanation + $0.compared).contains("reg-6") })
        }
        let other = Verifier.decide(
            registry,
            house.request("Pump-1", token: house.token("Pump-1", key: house.individualKeys["reg-7"])),
            at: House.now
        )
        #expect(mistakes(other) == ["M8"])
    }

    @Test(arguments: [
        (401, 400_209), (403, 400_207), (500, 400_207),
    ])
    func aWebhookThatRefusesIsAboutTheWebhook(status: Int, code: Int) async throws {
        let (house, _) = house()
        let custom =
            #", "allocationPolicy": "custom", "customAllocationDefinition": {"webhookUrl": "https://f.invalid/x"}"#
        var circumstances = Circumstances()
        circumstances.webhookAnswer = .answered(status: status, body: nil)
        let registry = try house.registry(groupFields: custom)
        let verdict = Verifier.decide(registry, house.request("d1"), at: House.now, circumstances)
        #expect(verdict.decision == .failed && verdict.errorCode == code && mistakes(verdict) == ["M33"])
        circumstances.webhookAnswer = nil
        circumstances.hubsRefusingDPS = ["a.azure-devices.net", "b.azure-devices.net"]
        let refused = Verifier.decide(try house.registry(), house.request("d1"), at: House.now, circumstances)
        #expect(refused.errorCode == 400_209 && mistakes(refused) == ["M31"])
    }

    @Test func aWebhookThatIsNotThereIsNotAskedFor() async throws {
        let (house, _) = house()
        for custom in ["", #", "customAllocationDefinition": {"webhookUrl": "", "apiVersion": "2021-10-01"}"#] {
            let registry = try house.registry(groupFields: #", "allocationPolicy": "custom""# + custom)
            let verdict = Verifier.decide(registry, house.request("d1"), at: House.now)
            #expect(verdict.decision == .cannotVerify && mistakes(verdict) == ["D28"])
            #expect(!verdict.message.contains("hand its answer in"))
        }
        let set =
            #", "allocationPolicy": "custom", "customAllocationDefinition": {"webhookUrl": "https://f.invalid/x"}"#
        let unasked = Verifier.decide(try house.registry(groupFields: set), house.request("d1"), at: House.now)
        #expect(unasked.decision == .cannotVerify && mistakes(unasked).isEmpty)
    }
}
