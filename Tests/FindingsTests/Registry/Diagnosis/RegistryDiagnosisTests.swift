import Attestation
import EventStore
import Foundation
import TestSupport
import Testing

@testable import Findings

@Suite struct RegistryDiagnosisTests {
    /// Three attempts that DPS refuses.
    private func refused(_ id: String, code: Int = 401_002, attestation: String = "symmetricKey", scope: String? = nil)
        -> [String]
    {
        (0..<3).map {
            LogLines.registration(
                $0 * 600,
                id,
                hub: nil,
                status: "failed",
                code: code,
                attestation: attestation,
                scope: scope
            )
        }
    }

    private func only(_ audited: Audited, _ rule: String) throws -> Finding {
        let all = audited.of(rule)
        #expect(all.count == 1)
        return try #require(all.first)
    }

    @Test func aDisabledEnrollmentIsNamedWithItsDate() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual(
                "Dev-1",
                Make.symmetric(),
                #""provisioningStatus":"disabled","lastUpdatedDateTimeUtc":"2026-11-01T00:00:00Z""#
            )
        ]
        let lines = (0..<3).map { LogLines.registration($0 * 600, "dev-1", hub: nil, status: "disabled") }
        let finding = try only(try await Audited(registry, lines), "disabled-enrollment-retried")
        #expect(
            finding.summary.hasSuffix(
                "; the registry says: individual enrollment Dev-1 is disabled, and has been since its last change at"
                    + " 2026-11-01T00:00:00Z"
            )
        )
        #expect(finding.diagnosis?.first?.mistake == "M28")
        #expect(finding.diagnosis?.first?.confidence == "certain")
        #expect(finding.fix == finding.diagnosis?.first?.fix)
    }

    @Test func aChangeAfterTheFailureIsOnlyPossible() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("dev-1", Make.symmetric(), #""lastUpdatedDateTimeUtc":"2026-11-20T10:00:00Z""#)
        ]
        let lines = (0..<3).map { LogLines.registration($0 * 600, "dev-1", hub: nil, status: "disabled") }
        let finding = try only(try await Audited(registry, lines), "disabled-enrollment-retried")
        #expect(finding.diagnosis?.map(\.mistake) == ["enabled-now"])
        #expect(finding.fix == (try RuleSet.builtIn().entry("disabled-enrollment-retried")?.card.fix))
    }

    @Test func theNearestEnrolledIdIsNamed() async throws {
        var registry = RegistryText()
        registry.individuals = ["press-00017", "press-00029", "other"].map { Make.individual($0, Make.symmetric()) }
        let finding = try only(
            try await Audited(registry, refused("press-00O17", code: 404_201)),
            "unknown-enrollment"
        )
        #expect(finding.summary.contains("no individual enrollment carries this id; nearest is press-00017"))
        let far = try only(try await Audited(registry, refused("lathe-4", code: 404_201)), "unknown-enrollment")
        #expect(far.summary.hasSuffix("no individual enrollment carries this id"))
    }

    @Test func whatAnExportDoesNotListIsNotSaidToBeMissing() async throws {
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.symmetric())]
        let lines = refused("dev-1", code: 404_201)
        #expect(try only(try await Audited(registry, lines), "unknown-enrollment").diagnosis?.count == 1)
        registry.omitted = ["individualEnrollments"]
        #expect(try only(try await Audited(registry, lines), "unknown-enrollment").diagnosis == nil)
        registry.groups = []
        registry.omitted = ["enrollmentGroups"]
        let keys = try await Audited(registry, refused("dev-1"))
        #expect(try only(keys, "key-derivation-failure").diagnosis == nil)
    }

    @Test func anOrphanIsSaidToBeUnknownOnlyIfRecordsAreListed() async throws {
        var registry = RegistryText()
        let day = 90_000
        let lines =
            [LogLines.registration(0, "well"), LogLines.connect(5, "well"), LogLines.registration(day, "well")]
            + (1...5).map { LogLines.connect(day + $0 * 600, "stranger", code: "404001") }
        let found = try await Audited(registry, lines).of("orphan-identity")
        #expect(found.map(\.subject) == ["stranger"])
        #expect(found.first?.diagnosis?.map(\.mistake) == ["no-record"])
        registry.omitted = ["registrations"]
        #expect(try await Audited(registry, lines).of("orphan-identity").first?.diagnosis == nil)
        registry.omitted = []
        registry.individuals = [Make.individual("reg-9", Make.symmetric(), #""deviceId":"stranger""#)]
        #expect(try await Audited(registry, lines).of("orphan-identity").first?.diagnosis == nil)
    }

    @Test func anotherScopeIsSaidAndNothingElse() async throws {
        var registry = RegistryText()
        registry.individuals = [Make.individual("dev-1", Make.client(HandMadeCertificate("dev-1")))]
        let wrong = try only(
            try await Audited(registry, refused("dev-1", scope: "0ne00999999")),
            "key-derivation-failure"
        )
        #expect(wrong.diagnosis?.map(\.mistake) == ["scope-differs"])
        #expect(wrong.summary.contains("name 0ne00999999, the registry is of 0ne00111111"))
        let right = try only(
            try await Audited(registry, refused("dev-1", scope: "0NE00111111")),
            "key-derivation-failure"
        )
        #expect(right.diagnosis?.map(\.mistake) == ["M30"])
        #expect(right.summary.contains("wants x509, the logs have symmetricKey"))
    }

    @Test func whereTheLogsDoNotSayHowADeviceAttestsTheEnrollmentKnowsBetter() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("d-1", Make.client(HandMadeCertificate("d-1", until: "20261119000000Z"))),
            Make.individual("d-2", Make.client(HandMadeCertificate("d-2", serial: 2))),
            Make.individual("d-3", Make.symmetric()),
        ]
        let lines = ["d-1", "d-2", "d-3", "d-4"].flatMap { id in
            (0..<3).map { LogLines.attestation($0 * 600, id, ok: false) }
        }
        let told = try await Audited(registry, lines).of("key-derivation-failure")
        func mistakes(_ id: String) -> [String]? { told.first { $0.subject == id }?.diagnosis?.map(\.mistake) }
        #expect(told.count == 4)
        #expect(mistakes("d-1") == ["D13", "attestation-not-logged"])
        #expect(mistakes("d-2") == ["attestation-not-logged"])
        #expect(mistakes("d-3") == nil)
        #expect(mistakes("d-4") == ["no-enrollment"])
        // Any group may be the one that should have let the device in.
        registry.groups = [Make.group("g", Make.signing(HandMadeCertificate("ca", serial: 5)))]
        let again = try await Audited(registry, lines).of("key-derivation-failure")
        #expect(again.first { $0.subject == "d-4" }?.diagnosis == nil)
    }

    @Test func aRegistryOfAnotherInstanceSaysNothing() async throws {
        var registry = RegistryText()
        registry.name = "dps-9"
        registry.individuals = [Make.individual("dev-1", Make.client(HandMadeCertificate("dev-1")))]
        #expect(try only(try await Audited(registry, refused("dev-1")), "key-derivation-failure").diagnosis == nil)
    }

    @Test func anIdThatIsEnrolledElsewhereIsNamed() async throws {
        var other = RegistryText()
        other.name = "dps-2"
        other.scope = "0ne00222222"
        other.individuals = [Make.individual("dev-1", Make.symmetric())]
        let finding = try only(
            try await Audited([RegistryText(), other], refused("dev-1")),
            "key-derivation-failure"
        )
        #expect(finding.diagnosis?.first?.explanation == "the id is enrolled in dps-2, not in dps-1")
    }

    @Test(arguments: [
        ("upper", "M4"), ("group", "M1"), ("other", "M8"), ("right", "request-accepted"),
    ])
    func aRequestShowsTheMistake(_ kind: String, _ mistake: String) async throws {
        let text = Make.key()
        let key = try EnrollmentKey.read(text)
        let device: SecretBytes =
            switch kind {
            case "upper": DerivedKey.derive(groupKey: key, registrationID: "DEV-1")
            case "group": key
            case "other": try EnrollmentKey.read(Make.key())
            default: DerivedKey.derive(groupKey: key, registrationID: "dev-1")
            }
        var registry = RegistryText()
        registry.groups = [Make.group("g", #"{"type":"symmetricKey"}"#)]
        let request = try Self.request("dev-1", registry.scope, device)
        let second = Make.key()
        let audited = try await Audited(
            registry,
            refused("dev-1") + refused("dev-2"),
            groupKeys: "g \(text)\ng \(second)\n",
            requests: [request]
        )
        let finding = try #require(audited.of("key-derivation-failure").first { $0.subject == "dev-1" })
        #expect(finding.diagnosis?.first?.mistake == mistake)
        #expect(audited.of("key-derivation-failure").first { $0.subject == "dev-2" }?.diagnosis == nil)
        for secret in [text, second] { #expect(!"\(audited.result)".contains(secret)) }
        device.withBytes { #expect(!"\(audited.result)".contains(Base64Text.encode($0))) }
    }

    static func request(_ id: String, _ scope: String, _ key: SecretBytes) throws -> AttestationRequest {
        let sr = "\(scope)%2Fregistrations%2F\(id)"
        let signature = Base64Text.encode(key.hmacSHA256("\(sr)\n1893456000".utf8))
        let encoded = signature.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
        return AttestationRequest(
            idScope: scope,
            registrationID: id,
            authorization: "SharedAccessSignature sr=\(sr)&sig=\(encoded)&se=1893456000&skn=registration"
        )
    }

    @Test func aBatchIsToldWhatItsRequestsHaveInCommon() async throws {
        let text = Make.key()
        let key = try EnrollmentKey.read(text)
        var registry = RegistryText()
        registry.groups = [Make.group("g", Make.symmetric(text, Make.key()))]
        let ids = (100..<112).map { "press-\($0)" }
        let requests = try ids.prefix(4).map {
            try Self.request($0, registry.scope, DerivedKey.derive(groupKey: key, registrationID: $0.uppercased()))
        }
        let audited = try await Audited(registry, ids.flatMap { refused($0) }, requests: requests)
        let group = try only(audited, "group-key-failure")
        #expect(group.summary.contains("the registry says: 4 of 4 requests: mistake M4"))
        #expect(group.diagnosis?.first?.confidence == "certain")
    }

    @Test func theCAOfTheGroupExplainsRejectedCertificates() async throws {
        var registry = RegistryText()
        registry.certificates = [Make.authority("bad", HandMadeCertificate("bad"), verified: false)]
        registry.groups = [
            Make.group("old", Make.signing(HandMadeCertificate("ca", until: "20261119000000Z"))),
            Make.group("open", Make.reference("bad")), Make.group("gone", Make.reference("nobody")),
            Make.group("well", Make.signing(HandMadeCertificate("ca-2", until: "20271119000000Z", serial: 2))),
        ]
        let lines = ["old", "open", "gone", "well", "lost"].flatMap { (group: String) -> [String] in
            // Once let in, so that the logs know the group.
            [LogLines.registration(-9000, "d-\(group)", attestation: "x509", group: group)]
                + refused("d-\(group)", attestation: "x509")
        }
        let audited = try await Audited(registry, lines)
        func explained(_ id: String) -> FindingDiagnosis? {
            audited.of("certificate-rejected").first { $0.subject == id }?.diagnosis?.first
        }
        #expect(explained("d-old")?.explanation == "the CA of group old expired on 2026-11-19")
        #expect(explained("d-open")?.mistake == "M21")
        #expect(explained("d-gone")?.mistake == "ca-missing")
        #expect(explained("d-lost")?.mistake == "no-group")
        #expect(audited.of("certificate-rejected").count == 5)
        #expect(explained("d-well") == nil)
    }

    @Test func anEnrolledCertificateThatRanOutExplainsTheHub() async throws {
        var registry = RegistryText()
        registry.individuals = [
            Make.individual("d-1", Make.client(HandMadeCertificate("d-1", until: "20261120070000Z"))),
            Make.individual("d-2", Make.client(HandMadeCertificate("d-2", serial: 2))),
        ]
        let lines = ["d-1", "d-2"].flatMap { id in
            [LogLines.registration(0, id, attestation: "x509"), LogLines.connect(5, id, code: "401002")]
        }
        let audited = try await Audited(registry, lines + [LogLines.connect(9000, "busy")])
        let told = audited.of("assigned-then-refused")
        #expect(told.count == 2)
        #expect(told.first { $0.subject == "d-1" }?.diagnosis?.map(\.mistake) == ["D13"])
        #expect(told.first { $0.subject == "d-2" }?.diagnosis == nil)
    }

    @Test func aHubThatIsNotLinkedIsNamed() async throws {
        var registry = RegistryText()
        registry.hubs = [#"{"name":"hub-z.azure-devices.net"}"#]
        let lines = [LogLines.registration(0, "d-1"), LogLines.connect(9000, "busy"), LogLines.connect(3, "busy")]
        let finding = try only(try await Audited(registry, lines), "assigned-never-connected")
        #expect(finding.diagnosis?.map(\.mistake) == ["hub-not-linked"])
        registry.hubs = [#"{"name":"HUB-A.azure-devices.net"}"#]
        #expect(try only(try await Audited(registry, lines), "assigned-never-connected").diagnosis == nil)
        registry.hubs = []
        #expect(try only(try await Audited(registry, lines), "assigned-never-connected").diagnosis == nil)
    }

    @Test func withoutARegistryAFindingIsWrittenAsBefore() throws {
        let finding = Finding(
            id: "1",
            rule: "r",
            severity: .low,
            confidence: "certain",
            subjectKind: "device",
            subject: "d",
            occurrences: 1,
            reason: "x",
            summary: "s",
            fix: "f",
            evidence: []
        )
        let encoder = JSONEncoder()
        #expect(!String(decoding: try encoder.encode(finding), as: UTF8.self).contains("diagnosis"))
        #expect(FindingTable.table([finding]).members.isEmpty)
        let told = finding.explained(by: [
            FindingDiagnosis(mistake: "M4", confidence: "possible", explanation: "a \"case\"", fix: "g")
        ])
        #expect(told.summary == "s; the registry says: a \"case\"" && told.fix == "f")
        let again = try JSONDecoder().decode(Finding.self, from: try encoder.encode(told))
        #expect(again == told)
    }
}
