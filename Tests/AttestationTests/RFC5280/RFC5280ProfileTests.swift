import Attestation
import Crypto
import SwiftASN1
import Testing
import X509

/// Every MUST of RFC 5280, sections 4 and 6, that the profile judges: a path that keeps it, and one that does not.
@Suite struct RFC5280ProfileTests {
    typealias Change = @Sendable (inout Crafted.Draft) throws -> Void

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let outcome: PathJudgement.Outcome
        var root: Change = { _ in }
        var middle: Change = { _ in }
        var leaf: Change = { _ in }
        var purpose = PathPurpose.client
        var says = ""

        init(
            _ words: String,
            _ outcome: PathJudgement.Outcome,
            says: String = "",
            purpose: PathPurpose = .client,
            root: @escaping Change = { _ in },
            middle: @escaping Change = { _ in },
            leaf: @escaping Change = { _ in }
        ) {
            (testDescription, self.outcome, self.says, self.purpose) = (words, outcome, says, purpose)
            (self.root, self.middle, self.leaf) = (root, middle, leaf)
        }
    }

    /// An extension by number and DER.
    private static func item(
        _ number: ASN1ObjectIdentifier,
        critical: Bool,
        _ value: [UInt8] = [0x30, 0x00]
    ) -> Certificate.Extension {
        Certificate.Extension(oid: number, critical: critical, value: ArraySlice(value))
    }

    private static func recritical(_ number: ASN1ObjectIdentifier, _ critical: Bool) -> Change {
        { draft in
            guard let own = draft.extensions.first(where: { $0.oid == number }) else { return }
            draft.set(.init(oid: own.oid, critical: critical, value: own.value))
        }
    }

    static let fields: [Case] = [
        Case("a path that keeps every rule", .accepted),
        Case("serial number zero", .refused, says: "4.1.2.2", leaf: { $0.serial = .init(bytes: [0]) }),
        Case(
            "serial number of 21 bytes",
            .refused,
            says: "4.1.2.2",
            leaf: { $0.serial = .init(bytes: [UInt8](repeating: 1, count: 21)) }
        ),
        Case(
            "serial number of 20 bytes",
            .accepted,
            leaf: { $0.serial = .init(bytes: [0x7F] + [UInt8](repeating: 1, count: 19)) }
        ),
        Case("version 1 with extensions", .refused, says: "4.1.2.1", leaf: { $0.version = .v1 }),
        Case(
            "version 1 without",
            .refused,
            says: "4.2.1.1",
            leaf: { draft in
                draft.version = .v1
                draft.extensions = []
            }
        ),
        Case("not valid any more", .refused, says: "is not valid", leaf: { ($0.from, $0.until) = (-90, -1) }),
        Case("valid to this second", .accepted, leaf: { ($0.from, $0.until) = (-90, 0) }),
        Case("valid from the next second", .refused, says: "is not valid", leaf: { ($0.from, $0.until) = (1, 90) }),
        Case("empty subject", .refused, says: "4.1.2.6", leaf: { $0.subject = DistinguishedName() }),
        Case(
            "empty subject, critical alternative name",
            .accepted,
            leaf: { draft in
                draft.subject = DistinguishedName()
                draft.set(try .init(SubjectAlternativeNames([.dnsName("d1.example")]), critical: true))
            }
        ),
        Case(
            "CA without a subject",
            .refused,
            says: "4.1.2.6",
            root: { ($0.subject, $0.issuer) = (DistinguishedName(), DistinguishedName()) }
        ),
    ]

    static let identifiers: [Case] = [
        Case("leaf without authority key identifier", .refused, says: "4.2.1.1", leaf: { $0.drop([2, 5, 29, 35]) }),
        Case("CA without authority key identifier", .refused, says: "4.2.1.1", middle: { $0.drop([2, 5, 29, 35]) }),
        Case("root without authority key identifier", .accepted, root: { $0.drop([2, 5, 29, 35]) }),
        Case(
            "another authority key identifier",
            .refused,
            says: "4.2.1.2",
            leaf: {
                $0.set(try .init(AuthorityKeyIdentifier(keyIdentifier: [1, 2, 3]), critical: false))
            }
        ),
        Case("critical authority key identifier", .refused, says: "critical", leaf: recritical([2, 5, 29, 35], true)),
        Case("CA without subject key identifier", .refused, says: "4.2.1.2", middle: { $0.drop([2, 5, 29, 14]) }),
        Case("leaf without subject key identifier", .accepted, leaf: { $0.drop([2, 5, 29, 14]) }),
        Case("critical subject key identifier", .refused, says: "critical", root: recritical([2, 5, 29, 14], true)),
    ]

    static let authorities: [Case] = [
        Case("CA without basic constraints", .refused, says: "is not a CA", middle: { $0.drop([2, 5, 29, 19]) }),
        Case(
            "CA without the CA flag",
            .refused,
            says: "is not a CA",
            middle: {
                $0.set(try .init(BasicConstraints.notCertificateAuthority, critical: true))
            }
        ),
        Case(
            "basic constraints of a CA not critical",
            .refused,
            says: "4.2.1.9",
            middle: recritical([2, 5, 29, 19], false)
        ),
        Case("CA without key usage", .refused, says: "4.2.1.3", middle: { $0.drop([2, 5, 29, 15]) }),
        Case(
            "CA that may not sign",
            .refused,
            says: "may not sign",
            middle: {
                $0.set(try .init(KeyUsage(cRLSign: true), critical: true))
            }
        ),
        Case(
            "leaf that may sign",
            .refused,
            says: "4.2.1.3",
            leaf: {
                $0.set(try .init(KeyUsage(digitalSignature: true, keyCertSign: true), critical: true))
            }
        ),
        Case(
            "key usage without a use",
            .refused,
            says: "4.2.1.3",
            leaf: { $0.set(try .init(KeyUsage(), critical: true)) }
        ),
        Case(
            "path length kept",
            .accepted,
            root: {
                $0.set(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 1), critical: true))
            }
        ),
        Case(
            "path length broken",
            .refused,
            says: "allows 0",
            root: {
                $0.set(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: 0), critical: true))
            }
        ),
        Case(
            "a CA as the leaf",
            .accepted,
            leaf: { draft in
                draft.set(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: nil), critical: true))
                draft.set(try .init(KeyUsage(digitalSignature: true, keyCertSign: true), critical: true))
            }
        ),
    ]

    static let extensions: [Case] = [
        Case(
            "unknown critical extension in the leaf",
            .refused,
            says: "not known",
            leaf: { $0.set(item([1, 3, 9999], critical: true)) }
        ),
        Case(
            "unknown critical extension in the root",
            .refused,
            says: "not known",
            root: { $0.set(item([1, 3, 9999], critical: true)) }
        ),
        Case(
            "unknown extension that is not critical",
            .accepted,
            leaf: { $0.set(item([1, 3, 9999], critical: false)) }
        ),
        Case(
            "critical authority information access",
            .refused,
            says: "critical",
            leaf: { $0.set(item([1, 3, 6, 1, 5, 5, 7, 1, 1], critical: true)) }
        ),
        Case(
            "critical freshest CRL",
            .refused,
            says: "critical",
            leaf: { $0.set(item([2, 5, 29, 46], critical: true)) }
        ),
        Case("critical distribution points", .cannotVerify, leaf: { $0.set(item([2, 5, 29, 31], critical: true)) }),
        Case(
            "policy constraints not critical",
            .refused,
            says: "policy constraints",
            middle: {
                $0.set(item([2, 5, 29, 36], critical: false, [0x30, 0x03, 0x80, 0x01, 0x05]))
            }
        ),
        Case(
            "empty policy constraints",
            .refused,
            says: "4.2.1.11",
            middle: { $0.set(item([2, 5, 29, 36], critical: true)) }
        ),
        Case(
            "a policy twice",
            .refused,
            says: "4.2.1.4",
            leaf: {
                $0.set(item([2, 5, 29, 32], critical: false, [0x30, 0x0A, 0x30, 3, 6, 1, 0x2A, 0x30, 3, 6, 1, 0x2A]))
            }
        ),
        Case("no extended key usage", .accepted, leaf: { $0.drop([2, 5, 29, 37]) }),
        Case(
            "for servers, asked for clients",
            .refused,
            says: "clients",
            leaf: { $0.set(try .init(ExtendedKeyUsage([.serverAuth]), critical: false)) }
        ),
        Case(
            "for servers, asked for servers",
            .accepted,
            purpose: .server,
            leaf: { $0.set(try .init(ExtendedKeyUsage([.serverAuth]), critical: false)) }
        ),
        Case(
            "for servers, asked for anything",
            .accepted,
            purpose: .any,
            leaf: { $0.set(try .init(ExtendedKeyUsage([.serverAuth]), critical: false)) }
        ),
        Case("for any use", .accepted, leaf: { $0.set(try .init(ExtendedKeyUsage([.any]), critical: false)) }),
        Case(
            "an empty extended key usage",
            .refused,
            says: "4.2.1.12",
            leaf: { $0.set(item([2, 5, 29, 37], critical: false)) }
        ),
        Case(
            "an empty alternative name",
            .refused,
            says: "4.2.1.6",
            leaf: { $0.set(item([2, 5, 29, 17], critical: false)) }
        ),
        Case(
            "an alternative name that cannot be read",
            .refused,
            says: "4.2.1.6",
            leaf: { $0.set(item([2, 5, 29, 17], critical: false, [4, 1, 1])) }
        ),
        Case(
            "a malformed DNS name",
            .refused,
            says: "4.2.1.6",
            leaf: { $0.set(try .init(SubjectAlternativeNames([.dnsName("a_b..c")]), critical: false)) }
        ),
        Case(
            "an address of five bytes",
            .refused,
            says: "4.2.1.6",
            leaf: {
                $0.set(
                    try .init(
                        SubjectAlternativeNames([.ipAddress(ASN1OctetString(contentBytes: [1, 2, 3, 4, 5]))]),
                        critical: false
                    )
                )
            }
        ),
    ]

    static let all = fields + identifiers + authorities + extensions

    @Test(arguments: all) func isHeldToTheRule(_ item: Case) throws {
        let root = try Crafted.authority("root", item.root)
        let middle = try Crafted.authority("middle", by: root, item.middle)
        let leaf = try Crafted.device(by: middle, item.leaf)
        let judgement = PathJudgement.judge(
            chain: try leaf.pem + "\n" + middle.pem,
            anchors: try root.pem,
            at: House.now,
            purpose: item.purpose,
            profile: .rfc5280
        )
        let words = judgement.steps.map(\.detail).joined(separator: "\n")
        #expect(judgement.outcome == item.outcome, "\(words)")
        #expect(words.contains(item.says), "\(words)")
    }

    /// What the bytes say counts also where the library does not read the certificate.
    @Test func aCertificateThatIsNotReadIsRefusedWhereItsBytesBreakARule() throws {
        let root = try Crafted.authority("root")
        var der = try Crafted.device(by: root).der
        // The algorithm beside what is signed: ecdsa-with-SHA384 in place of SHA256, so that the two differ.
        let own: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        let place = try #require(der.indices.dropLast(own.count).last { der[$0..<$0 + own.count].elementsEqual(own) })
        der[place + own.count - 1] = 0x03
        let judgement = PathJudgement.judge(
            chain: Base64Text.encode(der),
            anchors: try root.pem,
            at: House.now,
            profile: .rfc5280
        )
        #expect(judgement.outcome == .refused && judgement.steps.contains { $0.detail.contains("4.1.1.2") })
    }

    @Test func theLeafComesFirstAndAnotherOrderIsSaid() throws {
        let root = try Crafted.authority("root")
        let upper = try Crafted.authority("upper", by: root)
        let lower = try Crafted.authority("lower", by: upper)
        let leaf = try Crafted.device(by: lower)
        func judge(_ chain: [Crafted], _ profile: PathJudgement.Profile) throws -> PathJudgement {
            PathJudgement.judge(
                chain: try chain.map { try $0.pem }.joined(separator: "\n"),
                anchors: try root.pem,
                at: House.now,
                profile: profile
            )
        }
        for profile in PathJudgement.Profile.allCases {
            let right = try judge([leaf, lower, upper], profile)
            #expect(right.outcome == .accepted && !right.steps.contains { $0.step == "order" })
            let mended = try judge([leaf, upper, lower], profile)
            #expect(
                mended.outcome == .accepted && mended.steps.contains { $0.step == "order" && $0.result == .notChecked }
            )
            for chain in [[root, upper, lower, leaf], [lower, leaf, upper], [upper, lower, leaf]] {
                let wrong = try judge(chain, profile)
                #expect(wrong.outcome == .refused && wrong.steps.contains { $0.step == "order" && $0.result == .fail })
            }
        }
    }
}
