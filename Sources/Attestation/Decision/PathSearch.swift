import Basics

/// Searches the paths from a leaf up to what is trusted (RFC 4158), depth first.
///
/// `CertificateGraph` has the issuers of each certificate in the order in which they are tried: trusted ones first. The
/// work is bounded, and a bound that is reached is reported: ``undecided``. Cycles, and certificates with equal name and
/// key, cost little: a path contains a name with one key only once, and only certificates from which something trusted can
/// be reached are tried.
struct PathSearch: Sendable {
    /// A path up to a trusted certificate that no rule refuses.
    struct ValidPath: Sendable {
        /// Leaf first.
        let path: [KnownCertificate]
        /// The name of the trusted CA at its end.
        let anchor: String
        /// What is against it without refusing it.
        let remarks: [PathComplaint]
    }

    /// A path up to a trusted certificate that rules refuse.
    struct BrokenPath: Sendable {
        let path: [KnownCertificate]
        let anchor: String
        let complaints: [PathComplaint]
    }

    /// Where the path up ends if nothing trusted can be reached at all.
    enum End: Sendable, Equatable {
        /// At a certificate that DPS holds, but not verified.
        case unverified(name: String)
        /// No issuer of the last certificate is known.
        case issuerUnknown
        /// The last certificate signed itself and DPS does not hold it.
        case foreignRoot
    }

    /// The longest path that is followed.
    static let longest = 16
    /// The most steps of the search.
    static let mostSteps = 20_000

    /// The valid paths, in an order that does not depend on how anything was listed.
    ///
    /// What else is known counts only if there is none: `undecided` before `broken`, and `broken` before `deadEnd`.
    private(set) var valid: [ValidPath] = []
    /// The least broken path, if none is valid.
    private(set) var broken: BrokenPath?
    /// Why a valid path may exist that cannot be seen here.
    private(set) var undecided: String?
    /// Where the path ends, if nothing trusted is reached.
    private(set) var deadEnd: (path: [KnownCertificate], end: End)?

    let graph: CertificateGraph
    let profile: any PathProfile
    private let leafMayBeAnchor: Bool
    private let stopsAtFirst: Bool
    private var refused: [BrokenPath] = []
    private var steps = 0
    private var isTooLong = false
    /// Why a path could not be judged.
    private var unjudgedReason: String?

    /// Searches at once; what was presented is given leaf first, and the leaf must be readable.
    ///
    /// - Parameters:
    ///   - leafMayBeAnchor: whether a path may be the trusted leaf alone.
    ///   - stopsAtFirst: whether one valid path is enough.
    init(
        _ presented: [KnownCertificate],
        authorities: [Registry.CACertificate],
        profile: any PathProfile,
        leafMayBeAnchor: Bool = false,
        stopsAtFirst: Bool = false
    ) {
        self.profile = profile
        self.leafMayBeAnchor = leafMayBeAnchor
        self.stopsAtFirst = stopsAtFirst
        graph = CertificateGraph(presented, authorities: authorities) { certificate in
            !profile.local(certificate, isLeaf: false).contains { profile.refuses(for: $0) }
        }
        guard !graph.nodes.isEmpty else { return }
        let clean = Set(graph.reached.filter { complaints(at: $0).allSatisfy { !profile.refuses(for: $0) } })
        if clean.contains(0) {
            let leading = leadingToAnchor(within: clean)
            if leading.contains(0) { follow([0], [graph.nodes[0].identity], leading) }
        }
        guard valid.isEmpty else { return }
        broken =
            refused.min { ($0.complaints.count, $0.path.count) < ($1.complaints.count, $1.path.count) }
            ?? leastBroken()
        if broken == nil, unjudgedReason == nil { deadEnd = findDeadEnd() }
        // If the leaf itself is refused, no certificate that we cannot see could change the answer.
        undecided = clean.contains(0) ? bound ?? unjudgedReason ?? unseen(presented, authorities) : nil
    }

    private var bound: String? {
        if graph.ranOut { return "more than \(CertificateGraph.mostSignatures) signatures would have to be checked" }
        if steps > PathSearch.mostSteps {
            return "more than \(PathSearch.mostSteps) steps would be needed to find a path"
        }
        return isTooLong ? "paths of more than \(PathSearch.longest) certificates are not followed" : nil
    }

    func isAnchor(_ index: Int) -> Bool {
        graph.nodes[index].heldAs?.isVerified == true && (index != 0 || leafMayBeAnchor)
    }

    func complaints(at index: Int) -> [PathComplaint] {
        profile.local(graph.nodes[index].certificate, isLeaf: index == 0)
    }

    /// The nodes of a set from which an anchor can be reached inside the set.
    private func leadingToAnchor(within set: Set<Int>) -> Set<Int> {
        var children: [Int: [Int]] = [:]
        for index in set { for issuer in graph.issuers[index] ?? [] { children[issuer, default: []].append(index) } }
        var found = Set(set.filter(isAnchor))
        var open = Array(found)
        while let index = open.popLast() {
            for child in children[index] ?? [] where set.contains(child) && found.insert(child).inserted {
                open.append(child)
            }
        }
        return found
    }

    /// Extends a path by each issuer that leads on, and judges it where it meets an anchor.
    private mutating func follow(_ indices: [Int], _ identities: Set<String>, _ leading: Set<Int>) {
        steps += 1
        guard steps <= PathSearch.mostSteps, let last = indices.last else { return }
        if isAnchor(last) { judge(indices) }
        if stopsAtFirst, !valid.isEmpty { return }
        for issuer in graph.issuers[last] ?? [] where leading.contains(issuer) {
            let identity = graph.nodes[issuer].identity
            guard !identities.contains(identity) else { continue }
            guard indices.count < PathSearch.longest else {
                isTooLong = true
                return
            }
            follow(indices + [issuer], identities.union([identity]), leading)
            if steps > PathSearch.mostSteps || stopsAtFirst && !valid.isEmpty { return }
        }
    }

    private mutating func judge(_ indices: [Int]) {
        let path = indices.map { graph.nodes[$0].certificate }
        let anchor = indices.last.flatMap { graph.nodes[$0].heldAs?.name } ?? ""
        if let reason = path.compactMap({ profile.unjudged($0) }).first {
            unjudgedReason = unjudgedReason ?? reason
            return
        }
        // A path is judged at the cost of a step for each certificate.
        steps += path.count
        let all = indices.flatMap { complaints(at: $0) } + profile.whole(path)
        if let bound = all.first(where: { $0.kind == .bound }) {
            unjudgedReason = unjudgedReason ?? bound.text
        } else if all.contains(where: { profile.refuses(for: $0) }) {
            refused.append(BrokenPath(path: path, anchor: anchor, complaints: all))
        } else {
            valid.append(ValidPath(path: path, anchor: anchor, remarks: all))
        }
    }
}
