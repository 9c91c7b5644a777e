import Attestation
import TestSupport
import Testing

@testable import Findings

@Suite struct CertificateExpiringTests {
    private let rule = "certificate-expiring"

    private func enrolled(
        _ certificate: HandMadeCertificate,
        _ other: HandMadeCertificate? = nil,
        _ fields: String = ""
    )
        -> RegistryText
    {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("dev-1", Make.client(certificate, other), fields),
            Make.individual("other", Make.client(HandMadeCertificate("other", serial: 9))),
        ]
        return registry
    }

    @Test(arguments: [
        ("20261220120000Z", "dev-1 medium expiring"), ("20261220120001Z", nil),
        ("20261127120000Z", "dev-1 high expiring"),
        ("20261127120001Z", "dev-1 medium expiring"), ("20261120120000Z", "dev-1 high expiring"),
        ("20261120115959Z", "dev-1 critical expired"), ("20300101000000Z", nil),
    ])
    func firesByTheDaysThatAreLeft(_ until: String, _ told: String?) async throws {
        let audited = try await Audited(enrolled(HandMadeCertificate("dev-1", until: until)))
        #expect(audited.told(rule) == [told].compactMap(\.self))
    }

    @Test func saysTheDayAndNamesTheExport() async throws {
        let audited = try await Audited(enrolled(HandMadeCertificate("dev-1", until: "20261201120000Z")))
        let finding = try #require(audited.of(rule).first)
        #expect(finding.summary == "the enrolled certificate of dev-1 expires on 2026-12-01, in 11 days")
        #expect(finding.evidence == ["dps.json:0"])
        #expect(finding.registrationId == "dev-1" && finding.dps == "dps-1" && finding.firstSeen == nil)
    }

    @Test func aRollOverAndADisabledEnrollmentAreQuiet() async throws {
        let old = HandMadeCertificate("dev-1", until: "20261121000000Z")
        let new = HandMadeCertificate("dev-1", until: "20280101000000Z", serial: 2)
        #expect(try await Audited(enrolled(old, new)).told(rule) == [])
        #expect(try await Audited(enrolled(new, old)).told(rule) == [])
        #expect(try await Audited(enrolled(old, nil, #""provisioningStatus":"disabled""#)).told(rule) == [])
    }

    @Test func aRequestShowsWhatAMemberOfAGroupPresents() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.signing(HandMadeCertificate("ca", until: "20400101000000Z")))]
        func request(_ id: String, _ until: String) -> AttestationRequest {
            let leaf = HandMadeCertificate(id, until: until)
            return AttestationRequest(
                idScope: registry.scope,
                registrationID: id,
                clientCertificateChain: [Make.text(leaf)]
            )
        }
        let audited = try await Audited(
            registry,
            requests: [request("m-1", "20261124000000Z"), request("m-2", "20271124000000Z")]
        )
        #expect(audited.told(rule) == ["m-1 high expiring"])
        #expect(audited.of(rule).first?.evidence == ["dps.json:0", "requests.jsonl:1"])
    }

    @Test func anExportThatOnlyDescribesIsEnough() async throws {
        var registry = RegistryText()
        let info = #"{"subjectName":"CN=dev-1","sha1Thumbprint":"AB","notAfterUtc":"2026-11-22T00:00:00Z"}"#
        registry.individuals = [
            Make.individual("dev-1", #"{"type":"x509","x509":{"clientCertificates":{"primary":{"info":\#(info)}}}}"#)
        ]
        #expect(try await Audited(registry).told(rule) == ["dev-1 high expiring"])
        // Of a second one whose end is not given nobody can say that it does not hold longer.
        registry.individuals = [
            Make.individual(
                "dev-1",
                #"{"type":"x509","x509":{"clientCertificates":{"primary":{"info":\#(info)},"secondary":{"info":{"sha1Thumbprint":"CD"}}}}}"#
            )
        ]
        #expect(try await Audited(registry).told(rule) == [])
    }
}
