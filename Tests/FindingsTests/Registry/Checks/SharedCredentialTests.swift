import Attestation
import TestSupport
import Testing

@testable import Findings

@Suite struct SharedCredentialTests {
    private let rule = "shared-credential"

    @Test func oneKeyUnderTwoIdsFires() async throws {
        let key = Make.key()
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("a", Make.symmetric(key)), Make.individual("b", Make.symmetric(Make.key(), key)),
            Make.individual("c", Make.symmetric()),
        ]
        let audited = try await Audited(registry)
        #expect(audited.told(rule) == ["a critical symmetric-key"])
        #expect(audited.of(rule).first?.summary == "a has the same symmetric key as b")
        #expect(audited.of(rule).first?.occurrences == 2)
        #expect(!"\(audited.result.findings)".contains(key))
    }

    @Test func oneCertificateUnderTwoIdsFires() async throws {
        let shared = HandMadeCertificate("a")
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("a", Make.client(shared)), Make.individual("b", Make.client(shared)),
            Make.individual("c", Make.client(HandMadeCertificate("a", serial: 2))),
        ]
        #expect(try await Audited(registry).told(rule) == ["a critical certificate"])
    }

    @Test func oneEndorsementKeyUnderTwoIdsFires() async throws {
        let key = Make.key(270)
        var registry = RegistryText()
        func tpm(_ key: String) -> String { #"{"type":"tpm","tpm":{"endorsementKey":"\#(key)"}}"# }
        registry.individuals = [
            Make.individual("a", tpm(key)), Make.individual("b", tpm(key)), Make.individual("c", tpm(Make.key(270))),
        ]
        #expect(try await Audited(registry).told(rule) == ["a critical endorsement-key"])
    }

    @Test func requestsShowWhatMembersOfAGroupShare() async throws {
        let registry = RegistryText()
        let shared = Make.text(HandMadeCertificate("a"))
        let requests = ["a", "b", "A"].map {
            AttestationRequest(idScope: registry.scope, registrationID: $0, clientCertificateChain: [shared])
        }
        let audited = try await Audited(registry, requests: requests)
        #expect(audited.of(rule).map(\.occurrences) == [2])
    }

    @Test func oneEnrollmentASuccessorAndOthersAreQuiet() async throws {
        let (key, other) = (Make.key(), Make.key())
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("a", Make.symmetric(key, key)), Make.individual("new", Make.symmetric(other)),
            Make.individual("old", Make.symmetric(other), #""provisioningStatus":"disabled""#),
        ]
        #expect(try await Audited(registry).told(rule) == [])
    }
}
