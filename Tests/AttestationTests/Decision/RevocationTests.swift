import Attestation
import Testing

/// A disabled entry keeps a device out whatever the order of the lists, is named, and nobody is advised to take it away.
@Suite struct RevocationTests {
    private let root: Crafted
    private let lower: Crafted
    private let leaf: Crafted
    private let chain: [Crafted]

    init() throws {
        root = try Crafted.authority("root")
        lower = try Crafted.authority("lower", by: root)
        leaf = try Crafted.device(by: lower)
        chain = [leaf, lower]
    }

    private func holding(groups: [String], individuals: [String] = []) -> Holding {
        Holding(held: [("root", root, true)], groups: groups, individuals: individuals)
    }

    /// Every text of a verdict that people read.
    private static func words(_ verdict: Verdict) -> String {
        (verdict.steps.map(\.detail)
            + verdict.diagnosis.flatMap { [$0.explanation, $0.compared] } + [verdict.message]).joined(separator: "\n")
    }

    private static func advisesAgainstRevocation(_ verdict: Verdict) -> Bool {
        verdict.diagnosis.contains { diagnosis in
            ["delete", "remove the"].contains { diagnosis.fix.lowercased().contains($0) }
        }
    }

    enum Form: CaseIterable, Sendable { case certificate, reference, both }

    @Test(arguments: Form.allCases, [false, true])
    func oneCertificateInAnEnabledAndADisabledGroupIsRefused(form: Form, disabledFirst: Bool) async throws {
        let open = try form == .certificate ? Holding.group("gA", root) : Holding.group("gA", reference: "root")
        let shut =
            try form == .reference
            ? Holding.group("gB", reference: "root", disabled: true) : Holding.group("gB", root, disabled: true)
        let verdict = try await holding(groups: disabledFirst ? [shut, open] : [open, shut]).decide(chain)
        #expect(verdict.decision == .disabled)
        #expect(verdict.enrollment?.id == "gB")
        #expect(Self.words(verdict).contains("gA") && Self.words(verdict).contains("gB (disabled)"))
        #expect(verdict.diagnosis.map(\.mistake).contains("D29") && verdict.diagnosis.map(\.mistake).contains("M28"))
        #expect(!Self.advisesAgainstRevocation(verdict))
    }

    @Test(arguments: [false, true]) func twoEnabledGroupsWithOneCertificateAreNamed(swapped: Bool) async throws {
        let groups = [try Holding.group("gA", root), try Holding.group("gB", root)]
        let verdict = try await holding(groups: swapped ? groups.reversed() : groups).decide(chain)
        #expect(verdict.decision == .assigned && verdict.enrollment?.id == "gA")
        #expect(verdict.diagnosis.map(\.mistake) == ["D29"])
    }

    @Test func aLeafInADisabledEnrollmentIsRefusedThroughAGroup() async throws {
        let verdict = try await holding(
            groups: [try Holding.group("g", lower)],
            individuals: [try Holding.individual("d1-of-old", leaf, disabled: true)]
        ).decide(chain)
        #expect(verdict.decision == .disabled && verdict.enrollment == .init(kind: .individual, id: "d1-of-old"))
    }

    @Test func aLeafInAnotherDisabledEnrollmentIsRefusedForItsOwn() async throws {
        let verdict = try await holding(
            groups: [],
            individuals: [
                try Holding.individual("d1", leaf), try Holding.individual("a-copy", leaf, disabled: true),
            ]
        ).decide([leaf])
        #expect(verdict.decision == .disabled && verdict.enrollment?.id == "a-copy")
    }

    @Test func anIndividualByReferenceIsRefusedWhereAGroupOfItsCAIsDisabled() async throws {
        let individual = try Holding.individual("d1", reference: "root")
        let open = try await holding(groups: [], individuals: [individual]).decide(chain)
        #expect(open.decision == .assigned)
        let shut = try await holding(
            groups: [try Holding.group("g", root, disabled: true)],
            individuals: [individual]
        ).decide(chain)
        #expect(shut.decision == .disabled && shut.enrollment?.id == "g")
        let other = try await holding(
            groups: [try Holding.group("g", root)],
            individuals: [try Holding.individual("d2", reference: "root", disabled: true)]
        ).decide(chain)
        #expect(other.decision == .assigned)
    }

    @Test func aDisabledIndividualKeepsItsDeviceOutOfTheGroupAndStays() async throws {
        let verdict = try await holding(
            groups: [try Holding.group("g", lower)],
            individuals: [try Holding.individual("d1", leaf, disabled: true)]
        ).decide(chain)
        #expect(verdict.decision == .disabled)
        #expect(verdict.diagnosis.map(\.mistake) == ["M29", "M28"])
        #expect(!Self.advisesAgainstRevocation(verdict))
    }

    @Test func aDisabledGroupFartherUpIsSaidToBePassedBy() async throws {
        let verdict = try await holding(groups: [
            try Holding.group("far", root, disabled: true), try Holding.group("near", lower),
        ]).decide(chain)
        #expect(verdict.decision == .assigned && verdict.enrollment?.id == "near")
        #expect(verdict.diagnosis.map(\.mistake) == ["D30"])
        #expect(verdict.steps.contains { $0.step == "disabled entry" && $0.detail.contains("far (disabled)") })
        let nearer = try await holding(groups: [
            try Holding.group("far", root), try Holding.group("near", lower, disabled: true),
        ]).decide(chain)
        #expect(nearer.decision == .disabled && nearer.enrollment?.id == "near")
    }

    /// Two certificates of one CA, each in a group, one of them disabled: no order lets the device in.
    @Test func twinsInAnEnabledAndADisabledGroupAreRefusedInEveryOrder() async throws {
        let other = try Crafted.authority("other root")
        let twin = try Crafted.authority("lower", by: other, reusing: lower)
        var holding = Holding(held: [("root", root, true), ("other", other, true)])
        for presented in [[leaf, lower, twin], [leaf, twin, lower]] {
            for shut in [lower, twin] {
                let open = shut.certificate == lower.certificate ? twin : lower
                holding.groups = [try Holding.group("a", open), try Holding.group("b", shut, disabled: true)]
                let verdict = try await holding.decide(presented)
                #expect(verdict.decision == .disabled && verdict.enrollment?.id == "b")
            }
        }
    }

    @Test(arguments: [false, true]) func oneKeyInTwoGroupsIsNamedAndDecidedOnlyWhereBothAgree(swapped: Bool)
        async throws
    {
        var random = SeededRandom(seed: 5)
        let key = House.text(SecretBytes(random.bytes(64)))
        func group(_ id: String, _ disabled: Bool) -> String {
            let status = disabled ? #", "provisioningStatus": "disabled""# : ""
            return
                #"{"enrollmentGroupId": "\#(id)", "attestation": {"type": "symmetricKey", "symmetricKey": {"primaryKey": "\#(key)", "secondaryKey": "\#(key)"}}\#(status)}"#
        }
        func decide(_ states: [Bool]) async throws -> Verdict {
            let groups = zip(["gA", "gB"], states).map { group($0, $1) }
            let list = swapped ? groups.reversed() : groups
            let registry = try Registry.read(
                utf8:
                    #"{"idScope": "\#(House.scope)", "iotHubs": ["a.azure-devices.net"], "enrollmentGroups": [\#(list.joined(separator: ","))]}"#
                    .utf8
            )
            let device = DerivedKey.derive(groupKey: try EnrollmentKey.read(key), registrationID: "d1")
            let token = Sign.token(
                sr: "\(House.scope)%2Fregistrations%2Fd1",
                key: device,
                se: "\(House.now.seconds + 60)"
            )
            let request = AttestationRequest(idScope: House.scope, registrationID: "d1", authorization: token)
            return Verifier.decide(registry, request, at: House.now)
        }
        let both = try await decide([false, false])
        #expect(both.decision == .assigned && both.enrollment?.id == "gA")
        #expect(both.diagnosis.map(\.mistake) == ["D29"])
        for states in [[false, true], [true, false]] {
            let mixed = try await decide(states)
            #expect(mixed.decision == .cannotVerify)
            #expect(Self.words(mixed).contains("gA") && Self.words(mixed).contains("gB"))
        }
        #expect(try await decide([true, true]).decision == .disabled)
    }

    @Test func aDisabledIndividualIsSaidAlsoWhereTheKeyIsTheGroups() async throws {
        var random = SeededRandom(seed: 6)
        var house = House(&random, groups: 1)
        house.individualKeys["d1"] = SecretBytes(random.bytes(64))
        let registry = try house.registry(individualFields: #", "provisioningStatus": "disabled""#)
        let verdict = Verifier.decide(registry, house.request("d1"), at: House.now)
        #expect(verdict.decision == .rejected)
        #expect(verdict.diagnosis.map(\.mistake) == ["D8", "M28"])
        #expect(Self.words(verdict).contains("disabled") && !Self.advisesAgainstRevocation(verdict))
    }
}
