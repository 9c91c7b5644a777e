import Crypto
import Testing

@testable import Attestation

/// Which certificates lead up decides, never the order in which they were presented or listed.
@Suite struct PathSearchTests {
    private func search(
        _ presented: [Crafted],
        _ anchors: [Crafted],
        unverified: [Crafted] = []
    ) throws -> PathSearch {
        func authority(_ certificate: Crafted, _ isVerified: Bool) throws -> Registry.CACertificate {
            Registry.CACertificate(
                name: "held",
                entry: .init(
                    text: Base64Text.encode(try certificate.der),
                    sha1Thumbprint: nil,
                    sha256Thumbprint: nil,
                    subjectName: nil,
                    issuerName: nil
                ),
                isVerified: isVerified
            )
        }
        return PathSearch(
            try presented.map { KnownCertificate(der: try $0.der) },
            authorities: try anchors.map { try authority($0, true) } + unverified.map { try authority($0, false) },
            profile: DPSProfile(now: House.now)
        )
    }

    /// All orders of what follows the leaf.
    private static func orders(_ rest: [Crafted]) -> [[Crafted]] {
        guard rest.count > 1 else { return [rest] }
        return rest.indices.flatMap { place in
            var others = rest
            let one = others.remove(at: place)
            return orders(others).map { [one] + $0 }
        }
    }

    /// The AddTrust situation: the root that is trusted was also signed by an older one, which ran out or nobody knows.
    @Test(arguments: [true, false]) func aCrossSignedTwinOfATrustedRootDoesNoHarm(isOver: Bool) throws {
        let old = try Crafted.authority("old root") { if isOver { ($0.from, $0.until) = (-900, -5) } }
        let root = try Crafted.authority("new root")
        let twin = try Crafted.authority("new root", by: old, reusing: root) {
            if isOver { ($0.from, $0.until) = (-900, -5) }
        }
        let lower = try Crafted.authority("lower", by: root)
        let leaf = try Crafted.device(by: lower)
        for rest in [[lower, twin], [lower, twin, old], [twin, lower, root, old]] {
            for order in Self.orders(rest) {
                let found = try search([leaf] + order, [root])
                #expect(found.valid.map { $0.path.map(\.subject) }.contains(["CN=d1", "CN=lower", "CN=new root"]))
                #expect(found.broken == nil && found.undecided == nil)
            }
        }
    }

    @Test func theBranchThatLeadsSomewhereIsTakenWhereverItStands() throws {
        let root = try Crafted.authority("root")
        let stranger = try Crafted.authority("stranger")
        let good = try Crafted.authority("lower", by: root)
        let bad = try Crafted.authority("lower", by: stranger, reusing: good)
        let expired = try Crafted.authority("lower", by: root, reusing: good) { ($0.from, $0.until) = (-900, -5) }
        let otherKey = try Crafted.authority("lower", by: root)
        let leaf = try Crafted.device(by: good)
        for order in Self.orders([bad, good, expired, otherKey]) {
            let found = try search([leaf] + order, [root])
            #expect(found.valid.count == 1)
        }
        #expect(try search([leaf, bad, expired], [root]).broken?.complaints.map(\.kind) == [.time])
    }

    @Test func aCircleOfCAsEndsAndAGateOutOfItIsFound() throws {
        var circle: [Crafted] = []
        for number in 0..<6 { circle.append(try Crafted.authority("ca \(number)")) }
        var crossed: [Crafted] = []
        for (place, one) in circle.enumerated() {
            for other in circle.indices where other != place {
                crossed.append(try Crafted.authority("ca \(place)", by: circle[other], reusing: one))
            }
        }
        let leaf = try Crafted.device(by: circle[0])
        let closed = try search([leaf] + crossed, [try Crafted.authority("elsewhere")])
        #expect(closed.valid.isEmpty && closed.deadEnd != nil && closed.undecided == nil)
        let open = try search([leaf] + crossed, [circle[3]])
        #expect(!open.valid.isEmpty)
    }

    @Test func theBoundIsSaidAndNothingIsDecided() throws {
        // Eleven CAs of one length each, all signed by all, and a trusted one that allows no path at all.
        let top = try Crafted.authority("top", pathLength: 0)
        var layer: [Crafted] = []
        for number in 0..<8 { layer.append(try Crafted.authority("ca \(number)")) }
        var all: [Crafted] = []
        for one in layer.indices {
            for other in layer.indices where other != one {
                all.append(try Crafted.authority("ca \(one)", by: layer[other], reusing: layer[one]))
            }
        }
        all.append(try Crafted.authority("ca 7", by: top, reusing: layer[7]))
        let found = try search([try Crafted.device(by: layer[0])] + all, [top])
        #expect(found.valid.isEmpty)
        #expect(found.undecided?.contains("\(PathSearch.mostSteps) steps") == true)
    }

    @Test func aPathThatIsTooLongIsNotRefused() throws {
        var last = try Crafted.authority("root")
        let root = last
        var chain: [Crafted] = []
        for number in 0..<20 {
            last = try Crafted.authority("ca \(number)", by: last)
            chain.insert(last, at: 0)
        }
        let found = try search([try Crafted.device(by: last)] + chain, [root])
        #expect(found.undecided?.contains("\(PathSearch.longest) certificates") == true)
    }

    @Test func duplicatesAndTheLeafAgainChangeNothing() throws {
        let root = try Crafted.authority("root")
        let lower = try Crafted.authority("lower", by: root)
        let leaf = try Crafted.device(by: lower)
        #expect(try search([leaf, leaf, lower, lower, root, leaf, root], [root, root]).valid.count == 1)
    }

    @Test func selfIssuedCAsDoNotCountForThePathLength() throws {
        let root = try Crafted.authority("root", pathLength: 0)
        let renewed = try Crafted.authority("root", by: root)
        let leaf = try Crafted.device(by: renewed)
        #expect(try search([leaf, renewed], [root]).valid.count == 1)
        let other = try Crafted.authority("other", by: root)
        #expect(try search([try Crafted.device(by: other), other], [root]).valid.isEmpty)
    }

    /// From the first second to the end of the last one (RFC 5280, 4.1.2.5).
    @Test func validityHoldsToTheSecond() throws {
        let root = try Crafted.authority("root")
        let leaf = KnownCertificate(
            der: try Crafted.device(by: root) { ($0.from, $0.until) = (0, 10) }.der
        )
        let start = House.now
        func at(_ seconds: Int64, _ nanoseconds: Int32 = 0) -> Bool {
            leaf.isValid(at: UnixTime(seconds: start.seconds + seconds, nanoseconds: nanoseconds))
        }
        #expect(!at(-1, 999_999_999) && at(0) && at(10) && at(10, 999_999_999))
        #expect(!at(11) && !at(12))
    }
}
