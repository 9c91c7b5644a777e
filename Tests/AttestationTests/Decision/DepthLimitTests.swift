import Attestation
import Testing

/// How many CAs may stand between the leaf and what is trusted, whatever the certificates allow themselves.
@Suite struct DepthLimitTests {
    @Test(arguments: PathJudgement.Profile.allCases, [0, 1, 2, 3])
    func onlySoManyMayStandBetween(profile: PathJudgement.Profile, most: Int) throws {
        let root = try Crafted.authority("root")
        let upper = try Crafted.authority("upper", by: root)
        let lower = try Crafted.authority("lower", by: upper)
        // The same CA with a new key, certified by the old one: self-issued, so it does not count.
        let renewed = try Crafted.authority("lower", by: lower)
        func outcome(_ chain: [Crafted], _ anchor: Crafted) throws -> PathJudgement {
            PathJudgement.judge(
                chain: try chain.map { try $0.pem }.joined(),
                anchors: try anchor.pem,
                at: House.now,
                profile: profile,
                mostIntermediates: most
            )
        }
        for (chain, anchor, between) in [
            ([try Crafted.device(by: root)], root, 0), ([try Crafted.device(by: lower), lower], upper, 1),
            ([try Crafted.device(by: lower), lower, upper], root, 2),
            ([try Crafted.device(by: renewed), renewed, lower, upper], root, 2),
        ] {
            let judgement = try outcome(chain, anchor)
            #expect(judgement.outcome == (between <= most ? .accepted : .refused), "\(chain.count) \(judgement.steps)")
            if between > most { #expect(judgement.steps.contains { $0.detail.contains("\(most) may be") }) }
        }
    }

    @Test func aShorterWayIsTakenWhereThereIsOne() throws {
        let root = try Crafted.authority("root")
        let other = try Crafted.authority("other")
        let lower = try Crafted.authority("lower", by: root)
        let crossed = try Crafted.authority("lower", by: other, reusing: lower)
        let upper = try Crafted.authority("other", by: root, reusing: other)
        let leaf = try Crafted.device(by: lower)
        let text = try [leaf, crossed, upper, lower].map { try $0.pem }.joined()
        for (most, outcome) in [(0, PathJudgement.Outcome.refused), (1, .accepted)] {
            let judgement = PathJudgement.judge(
                chain: text,
                anchors: try root.pem,
                at: House.now,
                mostIntermediates: most
            )
            #expect(judgement.outcome == outcome)
        }
    }
}
