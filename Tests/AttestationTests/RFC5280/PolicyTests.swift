import Attestation
import SwiftASN1
import Testing
import X509

/// Certificate policies (RFC 5280, 6.1): only where a path must have one does it matter which.
@Suite struct PolicyTests {
    /// What one certificate says of policies; policies are the numbers 1.2.3.N, and 0 stands for anyPolicy.
    struct Says: Sendable {
        var policies: [UInt8]? = nil
        var mappings: [[UInt8]] = []
        var require: UInt8?
        var inhibitMapping: UInt8?
        var inhibitAny: UInt8?

        func add(to draft: inout Crafted.Draft) {
            func add(_ last: UInt8, critical: Bool, _ value: [UInt8]) {
                draft.set(.init(oid: [2, 5, 29, UInt(last)], critical: critical, value: ArraySlice(value)))
            }
            func list(_ items: [[UInt8]]) -> [UInt8] { tagged(0x30, items.flatMap { tagged(0x30, $0) }) }
            if let policies { add(32, critical: false, list(policies.map(number))) }
            if !mappings.isEmpty { add(33, critical: true, list(mappings.map { $0.flatMap(number) })) }
            let constraints: [UInt8] =
                (require.map { [0x80, 1, $0] } ?? []) + (inhibitMapping.map { [0x81, 1, $0] } ?? [])
            if !constraints.isEmpty { add(36, critical: true, tagged(0x30, constraints)) }
            if let inhibitAny { add(54, critical: true, [2, 1, inhibitAny]) }
        }

        private func tagged(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }

        private func number(_ policy: UInt8) -> [UInt8] {
            policy == 0 ? [6, 4, 0x55, 0x1D, 0x20, 0x00] : [6, 3, 0x2A, 0x03, policy]
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let isAccepted: Bool
        let upper: Says
        let lower: Says
        let leaf: Says

        init(_ words: String, _ isAccepted: Bool, _ upper: Says = Says(), _ lower: Says = Says(), _ leaf: Says = Says())
        {
            (testDescription, self.isAccepted) = (words, isAccepted)
            (self.upper, self.lower, self.leaf) = (upper, lower, leaf)
        }
    }

    static let cases: [Case] = [
        Case("none at all", true),
        Case("different ones, none required", true, Says(policies: [1]), Says(policies: [2]), Says(policies: [3])),
        Case("the same one, required", true, Says(policies: [1], require: 0), Says(policies: [1]), Says(policies: [1])),
        Case(
            "another one in the leaf",
            false,
            Says(policies: [1], require: 0),
            Says(policies: [1]),
            Says(policies: [2])
        ),
        Case("none in the leaf", false, Says(policies: [1], require: 0), Says(policies: [1])),
        Case("required later than the path is long", true, Says(policies: [1], require: 9), Says(policies: [1])),
        Case("required by the leaf itself", false, Says(), Says(), Says(require: 0)),
        Case("any above", true, Says(policies: [0], require: 0), Says(policies: [0]), Says(policies: [2])),
        Case("any in the middle", true, Says(policies: [1], require: 0), Says(policies: [0]), Says(policies: [1])),
        Case(
            "any in the middle widens nothing",
            false,
            Says(policies: [1], require: 0),
            Says(policies: [0]),
            Says(policies: [2])
        ),
        Case(
            "any inhibited",
            false,
            Says(policies: [1], require: 0, inhibitAny: 0),
            Says(policies: [0]),
            Says(policies: [1])
        ),
        Case(
            "any inhibited one later",
            true,
            Says(policies: [1], require: 0, inhibitAny: 1),
            Says(policies: [0]),
            Says(policies: [1])
        ),
        Case(
            "mapped",
            true,
            Says(policies: [1], mappings: [[1, 2]], require: 0),
            Says(policies: [2]),
            Says(policies: [2])
        ),
        Case(
            "mapped away",
            false,
            Says(policies: [1], mappings: [[1, 2]], require: 0),
            Says(policies: [1]),
            Says(policies: [1])
        ),
        Case(
            "mapping inhibited",
            false,
            Says(policies: [1], require: 0, inhibitMapping: 0),
            Says(policies: [1], mappings: [[1, 2]]),
            Says(policies: [2])
        ),
        Case("any may not be mapped", false, Says(policies: [1], mappings: [[0, 2]])),
    ]

    // The leaf may not have policy constraints; as the last certificate of a path it may be a CA.
    @Test(arguments: cases) func areFollowedDownThePath(_ item: Case) throws {
        let root = try Crafted.authority("root")
        let upper = try Crafted.authority("upper", by: root) { item.upper.add(to: &$0) }
        let lower = try Crafted.authority("lower", by: upper) { item.lower.add(to: &$0) }
        let leaf = try Crafted.authority("last", by: lower) { item.leaf.add(to: &$0) }
        let judgement = PathJudgement.judge(
            chain: try [leaf, lower, upper].map { try $0.pem }.joined(separator: "\n"),
            anchors: try root.pem,
            at: House.now,
            purpose: .any,
            profile: .rfc5280
        )
        #expect(judgement.outcome == (item.isAccepted ? .accepted : .refused), "\(judgement.steps.map(\.detail))")
    }
}
