import Attestation
import TestSupport
import Testing

@testable import Findings

@Suite struct GroupKeyAsDeviceKeyTests {
    private let rule = "group-key-as-device-key"
    private let key = Make.key()

    private func token(_ id: String, _ scope: String, _ key: SecretBytes) -> String {
        let sr = "\(scope)%2Fregistrations%2F\(id)"
        let signature = Base64Text.encode(key.hmacSHA256("\(sr)\n1893456000".utf8))
        let encoded = signature.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
        return "SharedAccessSignature sr=\(sr)&sig=\(encoded)&se=1893456000&skn=registration"
    }

    @Test func anEnrollmentWithTheKeyOfAGroupFires() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.symmetric(Make.key(), key))]
        registry.individuals = [
            Make.individual("a", Make.symmetric(key)), Make.individual("b", Make.symmetric()),
        ]
        let audited = try await Audited(registry)
        #expect(audited.told(rule) == ["a critical enrolled"])
        #expect(audited.of(rule).first?.summary == "the primary key of a is the key of group g")
        #expect(!"\(audited.result)".contains(key))
    }

    @Test func aKeyThatIsHandedInIsCompared() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", #"{"type":"symmetricKey"}"#)]
        registry.individuals = [Make.individual("a", Make.symmetric(key))]
        let without = try await Audited(registry)
        #expect(without.told(rule) == [])
        #expect(without.result.skipped.contains { $0.rule == rule && $0.reason.contains("--group-keys") })
        let with = try await Audited(registry, groupKeys: "g \(key)\n")
        #expect(with.told(rule) == ["a critical enrolled"])
        #expect(!with.result.skipped.contains { $0.rule == rule })
    }

    @Test func aTokenSignedWithTheGroupKeyFiresAndADerivedOneDoesNot() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.symmetric(key))]
        let group = try EnrollmentKey.read(key)
        func request(_ id: String, _ key: SecretBytes) -> AttestationRequest {
            AttestationRequest(
                idScope: registry.scope,
                registrationID: id,
                authorization: token(id, registry.scope, key)
            )
        }
        let audited = try await Audited(
            registry,
            requests: [
                request("m-1", group), request("m-2", DerivedKey.derive(groupKey: group, registrationID: "m-2")),
            ]
        )
        #expect(audited.told(rule) == ["m-1 critical token"])
        #expect(audited.of(rule).first?.evidence == ["dps.json:0", "requests.jsonl:1"])
    }

    @Test func aDerivedKeyInAnEnrollmentIsQuiet() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.symmetric(key))]
        let derived = DerivedKey.clearText(groupKey: try EnrollmentKey.read(key), registrationID: "a")
        registry.individuals = [Make.individual("a", Make.symmetric(derived))]
        #expect(try await Audited(registry).told(rule) == [])
    }
}
