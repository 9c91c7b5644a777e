import Attestation
import SwiftASN1
import Testing
import X509

/// Name constraints by kind of name (RFC 5280, 4.2.1.10), each with what lies inside, beside and just outside.
@Suite struct NameConstraintTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(permitted) without \(excluded): \(names)" }
        var permitted: [GeneralName] = []
        var excluded: [GeneralName] = []
        var names: [GeneralName]
        var outcome: PathJudgement.Outcome

        init(
            _ outcome: PathJudgement.Outcome,
            permitted: [GeneralName] = [],
            excluded: [GeneralName] = [],
            _ names: GeneralName...
        ) {
            (self.permitted, self.excluded, self.names, self.outcome) = (permitted, excluded, names, outcome)
        }
    }

    private static func address(_ bytes: UInt8...) -> GeneralName {
        .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
    }

    static let hosts: [Row] = [
        Row(.accepted, permitted: [.dnsName("plant.example")], .dnsName("plant.example")),
        Row(.accepted, permitted: [.dnsName("plant.example")], .dnsName("a.b.PLANT.example")),
        Row(.refused, permitted: [.dnsName("plant.example")], .dnsName("implant.example")),
        Row(.refused, permitted: [.dnsName("plant.example")], .dnsName("example")),
        Row(.refused, permitted: [.dnsName("plant.example")], .dnsName("plant.example"), .dnsName("else.example")),
        Row(.refused, excluded: [.dnsName("plant.example")], .dnsName("a.plant.example")),
        Row(.accepted, excluded: [.dnsName("plant.example")], .dnsName("example")),
        Row(.refused, excluded: [.dnsName("")], .dnsName("example")),
        Row(.refused, permitted: [.dnsName("example")], excluded: [.dnsName("bad.example")], .dnsName("bad.example")),
        Row(.accepted, permitted: [.dnsName("plant.example")], .dnsName("*.plant.example")),
        Row(.refused, permitted: [.dnsName("a.plant.example")], .dnsName("*.plant.example")),
        Row(.refused, excluded: [.dnsName("a.plant.example")], .dnsName("*.plant.example")),
        Row(.accepted, excluded: [.dnsName("b.a.plant.example")], .dnsName("*.plant.example")),
        Row(.refused, permitted: [.dnsName(".plant.example")], .dnsName("a.plant.example")),
        Row(.refused, permitted: [.dnsName("*.plant.example")], .dnsName("a.plant.example")),
        Row(.accepted, permitted: [.dnsName("plant.example")], .rfc822Name("me@else.example")),
        Row(.accepted, permitted: [.dnsName("plant.example")]),
    ]

    static let others: [Row] = [
        Row(.accepted, permitted: [address(10, 1, 0, 0, 255, 255, 0, 0)], address(10, 1, 2, 3)),
        Row(.refused, permitted: [address(10, 1, 0, 0, 255, 255, 0, 0)], address(10, 2, 2, 3)),
        Row(.refused, excluded: [address(10, 1, 0, 0, 255, 255, 0, 0)], address(10, 1, 2, 3)),
        Row(.refused, excluded: [address(10, 1, 0, 0, 255, 0, 255, 0)], address(192, 168, 0, 1)),
        Row(.accepted, permitted: [.rfc822Name("me@plant.example")], .rfc822Name("me@PLANT.example")),
        Row(.refused, permitted: [.rfc822Name("me@plant.example")], .rfc822Name("Me@plant.example")),
        Row(.accepted, permitted: [.rfc822Name("plant.example")], .rfc822Name("you@plant.example")),
        Row(.refused, permitted: [.rfc822Name("plant.example")], .rfc822Name("you@a.plant.example")),
        Row(.accepted, permitted: [.rfc822Name(".plant.example")], .rfc822Name("you@a.plant.example")),
        Row(.refused, permitted: [.rfc822Name(".plant.example")], .rfc822Name("you@plant.example")),
        Row(.refused, permitted: [.rfc822Name("@")], .dnsName("a.example")),
        Row(
            .accepted,
            permitted: [.uniformResourceIdentifier("plant.example")],
            .uniformResourceIdentifier("urx://me@plant.example:8/x")
        ),
        Row(
            .refused,
            permitted: [.uniformResourceIdentifier("plant.example")],
            .uniformResourceIdentifier("urx://a.plant.example/")
        ),
        Row(
            .accepted,
            permitted: [.uniformResourceIdentifier(".plant.example")],
            .uniformResourceIdentifier("urx://a.plant.example/")
        ),
        Row(
            .refused,
            permitted: [.uniformResourceIdentifier(".plant.example")],
            .uniformResourceIdentifier("urn:device:1")
        ),
        Row(
            .refused,
            excluded: [.uniformResourceIdentifier("plant.example")],
            .uniformResourceIdentifier("urx://10.0.0.1/")
        ),
        Row(.refused, excluded: [.registeredID([1, 2, 3])], .registeredID([1, 2, 3])),
        Row(.accepted, excluded: [.registeredID([1, 2, 3])], .dnsName("a.example")),
    ]

    @Test(arguments: hosts + others) func areHeldTo(_ row: Row) throws {
        let root = try Crafted.authority("root") {
            $0.set(
                try .init(
                    NameConstraints(permittedSubtrees: row.permitted, excludedSubtrees: row.excluded),
                    critical: true
                )
            )
        }
        let leaf = try Crafted.device(by: root) {
            if !row.names.isEmpty { $0.set(try .init(SubjectAlternativeNames(row.names), critical: false)) }
        }
        let judgement = try Self.judge([leaf], root)
        #expect(judgement.outcome == row.outcome, "\(judgement.steps)")
    }

    private static func judge(_ chain: [Crafted], _ root: Crafted) throws -> PathJudgement {
        PathJudgement.judge(
            chain: try chain.map { try $0.pem }.joined(separator: "\n"),
            anchors: try root.pem,
            at: House.now,
            profile: .rfc5280
        )
    }

    private static func whole(_ organization: String, _ common: String?) throws -> DistinguishedName {
        try DistinguishedName {
            OrganizationName(organization)
            if let common { CommonName(common) }
        }
    }

    @Test(arguments: [
        ("Plant Seven", true), ("plant  seven", true), ("Plant Eight", false),
    ])
    func directoryNamesAreComparedFromTheTop(organization: String, isInside: Bool) throws {
        let tree = GeneralName.directoryName(try Self.whole("Plant Seven", nil))
        for isPermitted in [true, false] {
            let root = try Crafted.authority("root") {
                let constraints = NameConstraints(
                    permittedSubtrees: isPermitted ? [tree] : [],
                    excludedSubtrees: isPermitted ? [] : [tree]
                )
                $0.set(try .init(constraints, critical: true))
            }
            let leaf = try Crafted(name: try Self.whole(organization, "d1"), by: root) {
                $0.set(try .init(KeyUsage(digitalSignature: true), critical: true))
            }
            #expect(try Self.judge([leaf], root).outcome == (isInside == isPermitted ? .accepted : .refused))
        }
    }

    @Test func aCAThatIssuedToItselfIsNotHeldToThemAndAnyOtherIs() throws {
        let constraints = NameConstraints(permittedSubtrees: [.dnsName("plant.example")], excludedSubtrees: [])
        let root = try Crafted.authority("root") { $0.set(try .init(constraints, critical: true)) }
        let outside = SubjectAlternativeNames([.dnsName("else.example")])
        func chain(_ name: String) throws -> [Crafted] {
            let middle = try Crafted.authority(name, by: root) { $0.set(try .init(outside, critical: false)) }
            return [try Crafted.device(by: middle), middle]
        }
        #expect(try Self.judge(try chain("root"), root).outcome == .accepted)
        #expect(try Self.judge(try chain("middle"), root).outcome == .refused)
    }

    @Test func theyMayNotStandInALeafOrBeLeftUncritical() throws {
        let constraints = NameConstraints(permittedSubtrees: [.dnsName("plant.example")], excludedSubtrees: [])
        let root = try Crafted.authority("root")
        let leaf = try Crafted.device(by: root) { $0.set(try .init(constraints, critical: true)) }
        #expect(try Self.judge([leaf], root).outcome == .refused)
        let loose = try Crafted.authority("loose") { $0.set(try .init(constraints, critical: false)) }
        #expect(try Self.judge([try Crafted.device(by: loose)], loose).outcome == .refused)
        // Profile dps says that it does not judge them; nothing is known of DPS.
        let strict = try Crafted.authority("strict") { $0.set(try .init(constraints, critical: true)) }
        let under = try Crafted.device(by: strict)
        let dps = PathJudgement.judge(chain: try under.pem, anchors: try strict.pem, at: House.now)
        #expect(dps.outcome == .cannotVerify)
    }

    /// What openssl refuses for its number is refused, what is only much is left open, and neither takes long.
    @Test(arguments: [(600, 500, PathJudgement.Outcome.cannotVerify), (1_100, 1_000, .refused), (400, 500, .accepted)])
    func moreConstraintsThanAnybodyComparesAreRefused(trees: Int, names: Int, outcome: PathJudgement.Outcome) throws {
        let permitted = (0..<trees).map { GeneralName.dnsName("h\($0).example") }
        let root = try Crafted.authority("root") {
            $0.set(try .init(NameConstraints(permittedSubtrees: permitted, excludedSubtrees: []), critical: true))
        }
        let leaf = try Crafted.device(by: root) {
            let alternatives = SubjectAlternativeNames((0..<names).map { .dnsName("h\($0 % trees).example") })
            $0.set(try .init(alternatives, critical: false))
        }
        #expect(try Self.judge([leaf], root).outcome == outcome)
    }
}
