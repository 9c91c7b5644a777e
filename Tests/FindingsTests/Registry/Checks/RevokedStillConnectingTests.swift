import TestSupport
import Testing

@testable import Findings

@Suite struct RevokedStillConnectingTests {
    private let rule = "revoked-still-connecting"

    private func off(_ time: String = "2026-11-20T09:00:00Z") -> String {
        #""provisioningStatus":"disabled","lastUpdatedDateTimeUtc":"\#(time)""#
    }

    @Test(arguments: [(4200, true), (4199, false), (0, false)])
    func aDisabledEnrollmentWhoseDeviceConnectsLaterFires(_ second: Int, _ fires: Bool) async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("dev-1", Make.symmetric(), off()), Make.individual("dev-2", Make.symmetric()),
        ]
        let lines = [LogLines.connect(second, "dev-1"), LogLines.connect(8000, "dev-2"), LogLines.connect(8000, "x")]
        let audited = try await Audited(registry, lines)
        #expect(audited.told(rule) == (fires ? ["dev-1 high enrollment-disabled"] : []))
        if fires {
            let finding = try #require(audited.of(rule).first)
            #expect(finding.evidence.contains { $0.hasSuffix("log.json:1") })
            let last = try Audited.microseconds("2026-11-20T09:10:00Z")
            #expect(finding.hub == "hub-a" && finding.lastSeen == last)
        }
    }

    @Test func withoutATimeOfTheChangeNothingIsSaid() async throws {
        var registry = RegistryText()
        registry.individuals = [Make.individual("dev-1", Make.symmetric(), #""provisioningStatus":"disabled""#)]
        #expect(try await Audited(registry, [LogLines.connect(9000, "dev-1")]).told(rule) == [])
    }

    @Test func theDeviceIdOfTheEnrollmentIsTheOneThatCounts() async throws {
        var registry = RegistryText()
        registry.individuals = [Make.individual("reg-1", Make.symmetric(), off() + #","deviceId":"press""#)]
        #expect(try await Audited(registry, [LogLines.connect(9000, "reg-1")]).told(rule) == [])
        #expect(
            try await Audited(registry, [LogLines.connect(9000, "press")]).told(rule)
                == ["reg-1 high enrollment-disabled"]
        )
    }

    @Test func whoWasStoppedSinceAndWhoMovedIsQuiet() async throws {
        var registry = RegistryText()
        registry.individuals = [Make.individual("dev-1", Make.symmetric(), off())]
        let week = 8 * 86_400
        let lines = [LogLines.connect(9000, "dev-1"), LogLines.connect(week + 9001, "dev-2")]
        #expect(try await Audited(registry, lines, at: "2026-11-29T00:00:00Z").told(rule) == [])
        var other = RegistryText()
        other.name = "dps-2"
        other.scope = "0ne00222222"
        other.individuals = [Make.individual("dev-1", Make.symmetric())]
        #expect(try await Audited([registry, other], [LogLines.connect(9000, "dev-1")]).told(rule) == [])
    }

    @Test(arguments: [("x509", "critical ca-group-disabled"), ("symmetricKey", "high group-disabled")])
    func aDisabledGroupWhoseMembersConnectFires(_ kind: String, _ told: String) async throws {
        var registry = RegistryText()
        let attestation = kind == "x509" ? Make.signing(HandMadeCertificate("ca")) : Make.symmetric()
        registry.groups = [
            Make.group("g", attestation, off()), Make.group("other", Make.symmetric(), off("2026-11-20T12:00:00Z")),
        ]
        let lines = [
            LogLines.registration(0, "m-1", group: "g"), LogLines.registration(0, "m-2", group: "g"),
            LogLines.registration(0, "o-1", group: "other"), LogLines.connect(9000, "m-1"), LogLines.connect(10, "m-2"),
            LogLines.connect(9000, "o-1"),
        ]
        let audited = try await Audited(registry, lines, at: "2026-11-20T13:00:00Z")
        #expect(audited.told(rule) == ["g \(told)"])
        #expect(audited.of(rule).first?.occurrences == 1)
    }

    @Test func aCAThatIsNotVerifiedOrGoneFires() async throws {
        var registry = RegistryText()
        registry.certificates = [
            Make.authority("good", HandMadeCertificate("good")),
            Make.authority("bad", HandMadeCertificate("bad", serial: 2), verified: false),
        ]
        registry.groups = ["good", "bad", "gone"].map { Make.group("g-\($0)", Make.reference($0)) }
        let lines = ["good", "bad", "gone"].flatMap {
            [LogLines.registration(0, "m-\($0)", group: "g-\($0)"), LogLines.connect(60, "m-\($0)")]
        }
        let audited = try await Audited(registry, lines)
        #expect(audited.told(rule) == ["g-bad critical ca-not-verified", "g-gone critical ca-removed"])
        // An export that lists no CAs says nothing of them.
        registry.omitted = ["certificates"]
        #expect(try await Audited(registry, lines).told(rule) == [])
    }
}
