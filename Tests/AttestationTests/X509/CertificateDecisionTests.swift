import Attestation
import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

/// A certificate with its key, made for a test.
struct Made {
    let certificate: Certificate
    let key: P256.Signing.PrivateKey

    /// Makes a certificate; its own issuer if none is given.
    init(
        _ name: String?,
        by issuer: Made? = nil,
        authority: Bool = false,
        until: Int64 = House.now.seconds + 86_400,
        pathLength: Int? = nil,
        keyCertSign: Bool = true
    ) throws {
        key = P256.Signing.PrivateKey()
        let own = try name.map { name in try DistinguishedName { CommonName(name) } } ?? DistinguishedName()
        let signer = Certificate.PrivateKey(issuer?.key ?? key)
        certificate = try Certificate(
            version: .v3,
            serialNumber: .init(),
            publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSince1970: Double(House.now.seconds - 864_000)),
            notValidAfter: Date(timeIntervalSince1970: Double(until)),
            issuer: issuer?.certificate.subject ?? own,
            subject: own,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                if authority {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength))
                    Critical(KeyUsage(digitalSignature: !keyCertSign, keyCertSign: keyCertSign))
                } else {
                    Critical(BasicConstraints.notCertificateAuthority)
                }
            },
            issuerPrivateKey: signer
        )
    }

    var pem: String {
        get throws { try certificate.serializeAsPEM().pemString }
    }

    var der: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        }
    }

    var json: String {
        get throws { JSONText.line(.string(try pem)) }
    }
}

/// A root, two intermediates below it and a device.
struct Family {
    let root: Made
    let upper: Made
    let lower: Made
    let leaf: Made

    init(leaf name: String? = "d1", until: Int64 = House.now.seconds + 86_400) throws {
        root = try Made("root", authority: true)
        upper = try Made("upper", by: root, authority: true)
        lower = try Made("lower", by: upper, authority: true)
        leaf = try Made(name, by: lower, until: until)
    }
}

@Suite struct CertificateDecisionTests {
    private func registry(
        _ family: Family,
        verified: Bool = true,
        group: String,
        individual: String = "",
        fields: String = ""
    ) throws -> [Registry] {
        let text = """
            {"idScope": "\(House.scope)", "iotHubs": ["a.azure-devices.net"],
             "certificates": [{"name": "root-ca", "properties": {"isVerified": \(verified), "certificate": \(try family.root.json)}}],
             "individualEnrollments": [\(individual)], "enrollmentGroups": [\(group)]}
            """
        return try Registry.read(utf8: text.utf8)
    }

    private func signing(_ certificate: Made, _ fields: String = "", id: String = "g") throws -> String {
        #"{"enrollmentGroupId": "\#(id)", "attestation": {"type": "x509", "x509": {"signingCertificates": {"primary": {"certificate": \#(try certificate.json)}}}}\#(fields)}"#
    }

    private func pinned(_ entry: String, _ fields: String = "") -> String {
        #"{"registrationId": "d1", "attestation": {"type": "x509", "x509": {"clientCertificates": {"primary": \#(entry)}}}\#(fields)}"#
    }

    private static let reference =
        #"{"enrollmentGroupId": "g", "attestation": {"type": "x509", "x509": {"caReferences": {"primary": "root-ca"}}}}"#

    private func decide(_ registry: [Registry], _ chain: [Made], id: String = "d1") async throws -> Verdict {
        let request = AttestationRequest(
            idScope: House.scope,
            registrationID: id,
            clientCertificateChain: try chain.map { try $0.pem }
        )
        return Verifier.decide(registry, request, at: House.now)
    }

    @Test func takesADeviceOfAGroup() async throws {
        let family = try Family()
        let whole = [family.leaf, family.lower, family.upper]
        for group in [try signing(family.lower), try signing(family.upper), try signing(family.root), Self.reference] {
            for chain in [whole, whole + [family.root]] {
                let verdict = try await decide(try registry(family, group: group), chain, id: "D1")
                #expect(verdict.decision == .assigned)
                #expect(verdict.enrollment == .init(kind: .group, id: "g"))
                #expect(verdict.diagnosis.isEmpty)
            }
        }
    }

    @Test func namesWhatIsWrongWithAChain() async throws {
        let family = try Family()
        let chain = [family.leaf, family.lower, family.upper]
        let group = try signing(family.lower)
        func check(_ mistake: String?, _ message: String, _ verdict: Verdict) {
            #expect(verdict.decision == .rejected && verdict.errorCode == 401_002)
            #expect(verdict.message == message)
            #expect(verdict.diagnosis.first?.mistake == mistake)
        }
        let good = try registry(family, group: group)
        check("M20", "CA certificate not found.", try await decide(good, [family.leaf]))
        check("M20", "CA certificate not found.", try await decide(good, [family.leaf, family.lower]))
        check(
            "M21",
            "Invalid certificate",
            try await decide(try registry(family, verified: false, group: group), chain)
        )
        check("M18", "Unauthorized", try await decide(good, chain, id: "d2"))
        check("D22", "Unauthorized", try await decide(try registry(family, group: ""), chain))
        let ca = try Made("d1", by: family.upper, authority: true)
        check(
            "M22",
            "Signing certificate info did not match chain elements",
            try await decide(try registry(family, group: try signing(ca)), [ca, family.upper])
        )
        check("M22", "Unauthorized", try await decide(good, [family.lower, family.upper]))
        let nameless = try Family(leaf: nil)
        check(
            "M19",
            "Unauthorized",
            try await decide(
                try registry(nameless, group: try signing(nameless.lower)),
                [nameless.leaf, nameless.lower, nameless.upper]
            )
        )
        let old = try Family(until: House.now.seconds - 10)
        check(
            "D13",
            "Invalid certificate",
            try await decide(try registry(old, group: try signing(old.lower)), [old.leaf, old.lower, old.upper])
        )
        let plain = try Made("plain", by: family.root)
        let child = try Made("d1", by: plain)
        check(
            "D14",
            "Invalid certificate",
            try await decide(try registry(family, group: try signing(family.root)), [child, plain])
        )
        let silent = try Made("silent", by: family.root, authority: true, keyCertSign: false)
        check(
            "D14",
            "Invalid certificate",
            try await decide(
                try registry(family, group: try signing(family.root)),
                [try Made("d1", by: silent), silent]
            )
        )
    }

    @Test func survivesThreeThousandDamagedCertificates() throws {
        let family = try Family()
        let whole = try family.leaf.der
        let anchors = try family.lower.pem
        var random = SeededRandom(seed: 71)
        var outcomes: [PathJudgement.Outcome: Int] = [:]
        for _ in 0..<3_000 {
            var bytes = whole
            let place = Int.random(in: 0..<bytes.count, using: &random)
            bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            if random.next() % 4 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            let outcome = PathJudgement.judge(chain: Base64Text.encode(bytes), anchors: anchors, at: House.now).outcome
            // How many bits of the signature's last byte are unused is no part of what was signed, nor of the signature.
            let isPadding = place > 1 && whole[place] == 0 && whole[place - 2] == 0x03 && whole[place + 1] == 0x30
            if bytes != whole, !isPadding { #expect(outcome != .accepted, "byte \(place) of \(whole.count)") }
            outcomes[outcome, default: 0] += 1
        }
        #expect((outcomes[.refused] ?? 0) > 500 && (outcomes[.cannotVerify] ?? 0) > 500)
    }

    @Test func pathLengthsHold() async throws {
        let root = try Made("root", authority: true, pathLength: 0)
        let middle = try Made("middle", by: root, authority: true)
        let leaf = try Made("d1", by: middle)
        let direct = try Made("d1", by: root)
        let anchors = try root.pem
        #expect(
            PathJudgement.judge(chain: try leaf.pem + middle.pem, anchors: anchors, at: House.now).outcome == .refused
        )
        #expect(PathJudgement.judge(chain: try direct.pem, anchors: anchors, at: House.now).outcome == .accepted)
    }

    @Test func theNearestGroupDecidesAlsoWhenItIsDisabled() async throws {
        let family = try Family()
        let disabled = try signing(family.lower, #", "provisioningStatus": "disabled""#, id: "near")
        let far = try signing(family.upper, id: "far")
        let registry = try registry(family, group: far + "," + disabled)
        let verdict = try await decide(registry, [family.leaf, family.lower, family.upper])
        #expect(verdict.decision == .disabled)
        #expect(verdict.enrollment?.id == "near")
    }

    @Test func anIndividualEnrollmentPinsTheLeaf() async throws {
        let family = try Family()
        let own = try Made("d1")
        let print = SHA256.hash(data: try own.der).map { String(format: "%02X", $0) }.joined()
        let bare = Base64Text.encode(try own.der)
        let entries = [
            #"{"certificate": \#(try own.json)}"#, #"{"certificate": "\#(bare)"}"#,
            #"{"info": {"sha256Thumbprint": "\#(print)"}}"#,
        ]
        for entry in entries {
            let registry = try registry(family, group: "", individual: pinned(entry))
            #expect(try await decide(registry, [own]).decision == .assigned)
            let renewed = try await decide(registry, [try Made("d1")])
            #expect(renewed.decision == .rejected && renewed.diagnosis.first?.mistake == "M26")
        }
        let silent = try registry(family, group: "", individual: pinned("{}"))
        #expect(try await decide(silent, [own]).decision == .cannotVerify)
    }

    @Test func aChainForAnIndividualNeedsAVerifiedCA() async throws {
        let family = try Family()
        let entry = pinned(#"{"certificate": \#(try family.leaf.json)}"#)
        let chain = [family.leaf, family.lower, family.upper]
        #expect(try await decide(try registry(family, group: "", individual: entry), chain).decision == .assigned)
        let unverified = try registry(family, verified: false, group: "", individual: entry)
        #expect(try await decide(unverified, chain).diagnosis.first?.mistake == "M23")
        #expect(try await decide(unverified, [family.leaf]).decision == .assigned)
        let disabled = pinned(#"{"certificate": \#(try family.leaf.json)}"#, #", "provisioningStatus": "disabled""#)
        let hidden = try await decide(
            try registry(family, group: try signing(family.lower), individual: disabled),
            chain
        )
        #expect(hidden.decision == .disabled)
        #expect(hidden.diagnosis.map(\.mistake) == ["M29", "M28"])
    }

    @Test func aCertificateForAnotherKindOfEnrollmentIsRefused() async throws {
        let family = try Family()
        let entry = #"{"registrationId": "d1", "attestation": {"type": "symmetricKey"}}"#
        let verdict = try await decide(
            try registry(family, group: try signing(family.lower), individual: entry),
            [family.leaf, family.lower, family.upper]
        )
        #expect(verdict.decision == .rejected && verdict.diagnosis.first?.mistake == "M30")
    }

    @Test func whatCannotBeReadIsNotRefused() async throws {
        let family = try Family()
        let good = try registry(family, group: try signing(family.lower))
        for text in ["rubbish", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", ""] {
            let request = AttestationRequest(
                idScope: House.scope,
                registrationID: "d1",
                clientCertificateChain: [text]
            )
            #expect(Verifier.decide(good, request, at: House.now).decision == .cannotVerify)
        }
        let known = SHA256.hash(data: try family.root.der).map { String(format: "%02x", $0) }.joined()
        let thumbprints = try Registry.read(
            utf8: """
                {"idScope": "\(House.scope)", "certificates": [{"name": "r", "properties": {"isVerified": true, "thumbprint": "\(known)"}}],
                 "enrollmentGroups": [\(try signing(family.lower))], "iotHubs": ["a.azure-devices.net"]}
                """.utf8
        )
        let without = try await decide(thumbprints, [family.leaf, family.lower, family.upper])
        #expect(without.decision == .cannotVerify)
        let with = try await decide(thumbprints, [family.leaf, family.lower, family.upper, family.root])
        #expect(with.decision == .assigned)
    }

    @Test func aRegistryWithoutAListOfCAsLeavesOpenWhatHangsOnOne() async throws {
        let family = try Family()
        let own = try Made("d1")
        let group = try signing(family.lower)
        let registry = try Registry.read(
            utf8:
                #"{"idScope": "\#(House.scope)", "iotHubs": ["a.azure-devices.net"], "enrollmentGroups": [\#(group)]}"#
                .utf8
        )
        #expect(try await decide(registry, [family.leaf, family.lower]).decision == .cannotVerify)
        let selfSigned = try await decide(registry, [own])
        #expect(selfSigned.decision == .rejected && selfSigned.diagnosis.map(\.mistake) == ["D20"])
    }

    @Test func aPathMayEndAtAnIntermediateOrAtTheLeaf() throws {
        let family = try Family()
        let chain = try family.leaf.pem + "\n" + family.lower.pem
        for (anchor, outcome) in [
            (family.lower, PathJudgement.Outcome.accepted), (family.leaf, .accepted), (family.upper, .accepted),
            (family.root, .refused),
        ] {
            #expect(PathJudgement.judge(chain: chain, anchors: try anchor.pem, at: House.now).outcome == outcome)
        }
        #expect(PathJudgement.judge(chain: "x", anchors: chain, at: House.now).outcome == .cannotVerify)
    }
}
