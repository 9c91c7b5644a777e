import Findings

/// Which of many findings are shown: some of every rule, so that a rule with thousands does not take all places.
enum FairShare {
    /// The findings to show, in their order: the first of every rule in turn until there are `most`.
    static func of(_ findings: [Finding], most: Int) -> [Finding] {
        if findings.count <= most { return findings }
        var rank: [String: Int] = [:]
        let ranked = findings.enumerated().map { place, finding in
            defer { rank[finding.rule, default: 0] += 1 }
            return (round: rank[finding.rule, default: 0], place: place)
        }
        let first = ranked.sorted { ($0.round, $0.place) < ($1.round, $1.place) }.prefix(most)
        return first.map(\.place).sorted().map { findings[$0] }
    }
}
