import TestSupport
import Testing

@testable import Findings

@Suite struct CertificateOldTests {
    private let rule = "certificate-old"

    private func registry() -> RegistryText {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("old", Make.client(HandMadeCertificate("old", from: "20251120115959Z"))),
            Make.individual("edge", Make.client(HandMadeCertificate("edge", from: "20251120120000Z", serial: 2))),
            Make.individual(
                "renewed",
                Make.client(
                    HandMadeCertificate("renewed", from: "20200101000000Z", serial: 3),
                    HandMadeCertificate("renewed", from: "20261001000000Z", serial: 4)
                )
            ),
            Make.individual(
                "off",
                Make.client(HandMadeCertificate("off", from: "20200101000000Z", serial: 5)),
                #""provisioningStatus":"disabled""#
            ),
        ]
        return registry
    }

    @Test func isOffUnlessDaysAreSet() async throws {
        #expect(try await Audited(registry()).told(rule) == [])
    }

    @Test func firesForThoseOlderThanTheDays() async throws {
        let audited = try await Audited(registry(), set: ["certificate-old.days": 365])
        #expect(audited.told(rule) == ["old low old"])
        #expect(audited.of(rule).first?.summary.contains("365 days ago, on 2025-11-20") == true)
        #expect(try await Audited(registry(), set: ["certificate-old.days": 366]).told(rule) == [])
    }
}
