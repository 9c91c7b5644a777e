import Attestation

/// Looks for the enrolled ids that devices may have meant.
struct NearestID: Sendable {
    /// How many pairs of ids are compared in one run; about a second's work.
    static let most = 20_000_000

    private var nearest: [String: String] = [:]

    /// Compares ids with the enrolled ones, in their order, as long as the number of pairs allows.
    ///
    /// What it does not do: ids beyond that number get no nearest one, which reads like an id that is near to none.
    init(_ registries: [Registry], for wanted: [String], most: Int = NearestID.most) {
        let enrolled = registries.flatMap { $0.individuals.values.map(\.id) }.sorted().map {
            (id: $0, key: Array(folded($0).utf8))
        }
        guard !enrolled.isEmpty else { return }
        for id in wanted.prefix(most / enrolled.count) {
            nearest[folded(id)] = Self.find(Array(folded(id).utf8), enrolled)
        }
    }

    /// The nearest id that differs in at most two letters, and in no more than a fifth of them; nil if none is near.
    func of(_ id: String) -> String? { nearest[folded(id)] }

    private static func find(_ wanted: [UInt8], _ enrolled: [(id: String, key: [UInt8])]) -> String? {
        var best: (id: String, distance: Int)?
        for candidate in enrolled where abs(candidate.key.count - wanted.count) <= 2 {
            let limit = (best?.distance ?? 3) - 1
            guard let distance = distance(wanted, 0, candidate.key, 0, limit), distance > 0,
                distance * 5 <= wanted.count
            else { continue }
            best = (candidate.id, distance)
            if distance == 1 { break }
        }
        return best?.id
    }

    /// How many letters are to be put in, taken out or changed, if that is at most a limit; quick where ids differ early.
    private static func distance(_ a: [UInt8], _ from: Int, _ b: [UInt8], _ to: Int, _ limit: Int) -> Int? {
        var (i, j) = (from, to)
        while i < a.count, j < b.count, a[i] == b[j] { (i, j) = (i + 1, j + 1) }
        if i == a.count, j == b.count { return 0 }
        if limit == 0 { return nil }
        let ways = [(i + 1, j + 1), (i + 1, j), (i, j + 1)].filter { $0.0 <= a.count && $0.1 <= b.count }
        let best = ways.compactMap { distance(a, $0.0, b, $0.1, limit - 1) }.min().map { $0 + 1 }
        return best
    }
}
