import Attestation
import TestSupport
import Testing

@testable import Findings

@Suite struct CAExpiringTests {
    private let rule = "ca-expiring"

    @Test(arguments: [
        ("20270218120000Z", "g medium expiring"), ("20270218120001Z", nil), ("20261220120000Z", "g high expiring"),
        ("20261220120001Z", "g medium expiring"), ("20261120115959Z", "g critical expired"),
    ])
    func firesForTheCAOfAGroup(_ until: String, _ told: String?) async throws {
        var registry = RegistryText()
        registry.groups = [
            Make.group("g", Make.signing(HandMadeCertificate("ca", until: until))),
            Make.group("other", Make.signing(HandMadeCertificate("ca-2", serial: 2))),
        ]
        #expect(try await Audited(registry).told(rule) == [told].compactMap(\.self))
    }

    @Test func aCAOfTheInstanceIsToldOnceByWhoUsesIt() async throws {
        var registry = RegistryText()
        let old = HandMadeCertificate("root", until: "20261201000000Z")
        registry.certificates = [
            Make.authority("used", old), Make.authority("unused", old),
            Make.authority("not-verified", old, verified: false),
            Make.authority("young", HandMadeCertificate("young")),
        ]
        registry.groups = [Make.group("g", Make.reference("used"))]
        #expect(try await Audited(registry).told(rule) == ["dps-1/unused high expiring", "g high expiring"])
    }

    @Test func aRollOverAndADisabledGroupAreQuiet() async throws {
        var registry = RegistryText()
        let old = HandMadeCertificate("ca", until: "20261121000000Z")
        registry.groups = [
            Make.group("rolls", Make.signing(old, HandMadeCertificate("ca-2"))),
            Make.group("off", Make.signing(old), #""provisioningStatus":"disabled""#),
        ]
        #expect(try await Audited(registry).told(rule) == [])
    }

    @Test func theExpiryOfAnExportWithoutTheCertificateCounts() async throws {
        var registry = RegistryText()
        registry.certificates = [
            #"{"name":"a","properties":{"isVerified":true,"thumbprint":"AA","expiry":"Tue, 01 Dec 2026 00:00:00 GMT"}}"#,
            #"{"name":"b","properties":{"isVerified":true,"thumbprint":"BB","expiry":"2026-12-01T00:00:00+00:00"}}"#,
            #"{"name":"c","properties":{"isVerified":true,"thumbprint":"CC"}}"#,
        ]
        #expect(try await Audited(registry).told(rule) == ["dps-1/a high expiring", "dps-1/b high expiring"])
    }

    @Test func anIntermediateThatOnlyDevicesPresentIsCounted() async throws {
        let registry = RegistryText()
        let middle = Make.text(HandMadeCertificate("middle", until: "20261201000000Z"))
        let requests = (1...3).map { number in
            AttestationRequest(
                idScope: registry.scope,
                registrationID: "m-\(number)",
                clientCertificateChain: [Make.text(HandMadeCertificate("m-\(number)")), middle]
            )
        }
        let audited = try await Audited(registry, requests: requests)
        #expect(audited.told(rule) == ["CN=middle high expiring"])
        #expect(audited.of(rule).first?.occurrences == 3)
    }
}
