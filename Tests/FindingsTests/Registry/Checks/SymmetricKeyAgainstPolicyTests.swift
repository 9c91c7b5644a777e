import TestSupport
import Testing

@testable import Findings

@Suite struct SymmetricKeyAgainstPolicyTests {
    private let rule = "symmetric-key-where-certificates-are-policy"

    @Test func firesOnlyWherePolicyIsSetAndOnlyForKeys() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("key", Make.symmetric()), Make.individual("cert", Make.client(HandMadeCertificate("cert"))),
            Make.individual("off", Make.symmetric(), #""provisioningStatus":"disabled""#),
        ]
        registry.groups = [
            Make.group("keys", Make.symmetric()),
            Make.group("certs", Make.signing(HandMadeCertificate("ca", serial: 3))),
        ]
        #expect(try await Audited(registry).told(rule) == [])
        let audited = try await Audited(registry, set: [rule + ".policy": 1])
        #expect(audited.told(rule) == ["key medium symmetric-key", "keys medium symmetric-key"])
        #expect(Set(audited.of(rule).map(\.subjectKind)) == ["device", "enrollment-group"])
    }
}
