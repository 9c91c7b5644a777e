import Basics

/// Looks for the ways from a leaf up to what is trusted (RFC 4158): all candidates, trusted ones first, depth first.
///
/// The work is bounded, and a bound that was reached is said: ``undecided``. Circles and twins cost little, because a path
/// meets a name with one key only once, and only certificates from which something trusted can be reached are tried.
struct PathSearch: Sendable {
    /// A path up to a certificate that is trusted.
    struct Way: Sendable {
        /// Leaf first.
        let path: [KnownCertificate]
        /// The name of the trusted CA at its end.
        let anchor: String
        /// What is against it without refusing it.
        let remarks: [PathComplaint]
    }

    /// A path up to a trusted certificate that rules refuse.
    struct Broken: Sendable {
        let path: [KnownCertificate]
        let anchor: String
        let complaints: [PathComplaint]
    }

    /// Where the way up ends if nothing trusted can be reached at all.
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

    /// The ways that hold, in an order that does not depend on how anything was listed.
    private(set) var sound: [Way] = []
    /// The least broken way, if none holds.
    private(set) var broken: Broken?
    /// Why another way may exist that cannot be seen here; counts only if no way holds.
    private(set) var undecided: String?
    /// Where the way ends, if nothing trusted is reached.
    private(set) var short: (path: [KnownCertificate], end: End)?

    private let graph: CertificateGraph
    private let profile: any PathProfile
    private let leafMayBeAnchor: Bool
    private let stopsAtFirst: Bool
    private var refusedWays: [Broken] = []
    private var steps = 0
    private var isTooLong = false
    private var unjudgedWay: String?

    /// Searches at once; what was presented is given leaf first, and the leaf must be readable.
    ///
    /// - Parameters:
    ///   - leafMayBeAnchor: whether a path may be the trusted leaf alone.
    ///   - stopsAtFirst: whether one way is enough.
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
            !profile.local(certificate, isLeaf: false).contains { profile.counts($0) }
        }
        guard !graph.nodes.isEmpty else { return }
        let good = Set(graph.reached.filter { complaints(at: $0).allSatisfy { !profile.counts($0) } })
        if good.contains(0) {
            let useful = canReachAnchor(within: good)
            if useful.contains(0) { follow([0], [graph.nodes[0].identity], useful) }
        }
        guard sound.isEmpty else { return }
        if let reason = bound { undecided = reason }
        broken = refusedWays.min { ($0.complaints.count, $0.path.count) < ($1.complaints.count, $1.path.count) }
        if broken == nil { broken = leastBroken() }
        if broken == nil, unjudgedWay == nil { short = shortEnd() }
        // With a leaf that is refused by itself nothing that is not seen could help.
        undecided = good.contains(0) ? undecided ?? unjudgedWay ?? unseen(presented, authorities) : nil
    }

    private var bound: String? {
        if graph.ranOut { return "more than \(CertificateGraph.mostSignatures) signatures would have to be checked" }
        if steps > PathSearch.mostSteps {
            return "more than \(PathSearch.mostSteps) steps would be needed to find a path"
        }
        return isTooLong ? "paths of more than \(PathSearch.longest) certificates are not followed" : nil
    }

    private func isAnchor(_ place: Int) -> Bool {
        graph.nodes[place].holder?.isVerified == true && (place != 0 || leafMayBeAnchor)
    }

    private func complaints(at place: Int) -> [PathComplaint] {
        profile.local(graph.nodes[place].certificate, isLeaf: place == 0)
    }

    /// The nodes of a set from which an anchor can be reached inside the set.
    private func canReachAnchor(within set: Set<Int>) -> Set<Int> {
        var children: [Int: [Int]] = [:]
        for place in set { for issuer in graph.issuers[place] ?? [] { children[issuer, default: []].append(place) } }
        var found = Set(set.filter(isAnchor))
        var open = Array(found)
        while let place = open.popLast() {
            for child in children[place] ?? [] where set.contains(child) && found.insert(child).inserted {
                open.append(child)
            }
        }
        return found
    }

    // MARK: - Depth first

    private mutating func follow(_ places: [Int], _ identities: Set<String>, _ useful: Set<Int>) {
        steps += 1
        guard steps <= PathSearch.mostSteps, let last = places.last else { return }
        if isAnchor(last) { complete(places) }
        if stopsAtFirst, !sound.isEmpty { return }
        for issuer in graph.issuers[last] ?? [] where useful.contains(issuer) {
            let identity = graph.nodes[issuer].identity
            guard !identities.contains(identity) else { continue }
            guard places.count < PathSearch.longest else {
                isTooLong = true
                return
            }
            follow(places + [issuer], identities.union([identity]), useful)
            if steps > PathSearch.mostSteps || stopsAtFirst && !sound.isEmpty { return }
        }
    }

    private mutating func complete(_ places: [Int]) {
        let path = places.map { graph.nodes[$0].certificate }
        let anchor = places.last.flatMap { graph.nodes[$0].holder?.name } ?? ""
        if let reason = path.compactMap({ profile.unjudged($0) }).first {
            unjudgedWay = unjudgedWay ?? reason
            return
        }
        // Judging a whole path costs as much as several steps.
        steps += path.count
        let all = places.flatMap { complaints(at: $0) } + profile.whole(path)
        if let bound = all.first(where: { $0.kind == .bound }) {
            unjudgedWay = unjudgedWay ?? bound.text
        } else if all.contains(where: { profile.counts($0) }) {
            refusedWays.append(Broken(path: path, anchor: anchor, complaints: all))
        } else {
            sound.append(Way(path: path, anchor: anchor, remarks: all))
        }
    }

    // MARK: - What is said when nothing holds

    /// The way to something trusted with the fewest complaints, whatever they are; nil if there is no way at all.
    private func leastBroken() -> Broken? {
        struct Cost: Comparable {
            var complaints: Int
            var length: Int
            var print: String
            static func < (left: Cost, right: Cost) -> Bool {
                (left.complaints, left.length, left.print) < (right.complaints, right.length, right.print)
            }
        }
        func cost(_ place: Int) -> Int { complaints(at: place).count { profile.counts($0) } }
        var best: [Int: Cost] = [0: Cost(complaints: cost(0), length: 1, print: "")]
        var from: [Int: Int] = [:]
        var open: Set<Int> = [0]
        var closed: Set<Int> = []
        // Dijkstra's algorithm: a path's cost never falls as it grows.
        while let (place, reached) = open.compactMap({ place in best[place].map { (place, $0) } }).min(by: {
            $0.1 < $1.1
        }) {
            open.remove(place)
            closed.insert(place)
            if isAnchor(place) {
                var places = [place]
                while let below = from[places[0]] { places.insert(below, at: 0) }
                let path = places.map { graph.nodes[$0].certificate }
                let all = places.flatMap { complaints(at: $0) } + profile.whole(path)
                return Broken(path: path, anchor: graph.nodes[place].holder?.name ?? "", complaints: all)
            }
            for issuer in graph.issuers[place] ?? [] where !closed.contains(issuer) {
                let next = Cost(
                    complaints: reached.complaints + cost(issuer),
                    length: reached.length + 1,
                    print: graph.nodes[issuer].print
                )
                if best[issuer].map({ next < $0 }) ?? true {
                    best[issuer] = next
                    from[issuer] = place
                    open.insert(issuer)
                }
            }
        }
        return nil
    }

    private func shortEnd() -> (path: [KnownCertificate], end: End) {
        func path(_ place: Int) -> [KnownCertificate] { graph.path(to: place) }
        let depth = Dictionary(uniqueKeysWithValues: graph.reached.map { ($0, path($0).count) })
        func nearest(_ places: [Int]) -> Int? {
            places.min { (depth[$0] ?? 0, graph.nodes[$0].print) < (depth[$1] ?? 0, graph.nodes[$1].print) }
        }
        if let held = nearest(graph.reached.filter { $0 != 0 && graph.nodes[$0].holder != nil }) {
            return (path(held), .unverified(name: graph.nodes[held].holder?.name ?? ""))
        }
        if let root = nearest(graph.reached.filter { graph.selfSigned.contains($0) }) {
            return (path(root), .foreignRoot)
        }
        let tops = graph.reached.filter { graph.issuers[$0]?.isEmpty ?? true }
        // Where CAs sign one another in a circle there is no top; then the last one met stands for it.
        let top = tops.max { (depth[$0] ?? 0, graph.nodes[$1].print) < (depth[$1] ?? 0, graph.nodes[$0].print) }
        return (path(top ?? graph.reached.last ?? 0), .issuerUnknown)
    }

    /// Whether something that cannot be read, or is known by its thumbprint alone, may be an issuer that was looked for.
    private func unseen(_ presented: [KnownCertificate], _ authorities: [Registry.CACertificate]) -> String? {
        let sought = graph.reached.filter { !graph.selfSigned.contains($0) }.map { graph.nodes[$0] }
        let wanted = Set(sought.map(\.issuerKey))
        for certificate in presented where certificate.content == nil && profile.refuses(unread: certificate).isEmpty {
            // Its names may still be there to read; if not, it may be anyone.
            let fields = try? CertificateFields(der: certificate.der)
            if fields.map({ wanted.contains($0.subjectKey) }) ?? true {
                return "a presented certificate: \(certificate.fault)"
            }
        }
        for authority in authorities where authority.isVerified {
            let shown = authority.entry.certificate
            guard shown?.content == nil else { continue }
            if graph.nodes.contains(where: { authority.entry.compare($0.certificate) == .same }) { continue }
            if let fields = shown.flatMap({ try? CertificateFields(der: $0.der) }) {
                guard wanted.contains(fields.subjectKey) else { continue }
                return "the CA certificate \(Shown.short(authority.name)): \(shown?.fault ?? "")"
            }
            let name = authority.entry.subjectName.map { ASCII.lowercased($0) }
            // Exports write a subject as a whole name or as the common name alone.
            let mayBe = sought.contains { node in
                guard let name, let common = node.certificate.issuerCommonName.map({ ASCII.lowercased($0) }) else {
                    return true
                }
                return name.contains(common) || common.contains(name)
            }
            guard mayBe else { continue }
            let how = authority.entry.fault.map { "cannot be read: \($0)" } ?? "is not shown, only its thumbprint"
            return "the CA certificate \(Shown.short(authority.name)) \(how)"
        }
        return nil
    }
}
