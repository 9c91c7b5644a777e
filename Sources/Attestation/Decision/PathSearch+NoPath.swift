import Basics

/// What is reported when no path is valid.
extension PathSearch {
    /// The path to something trusted with the fewest complaints about its certificates; nil if there is no path at all.
    ///
    /// Complaints about the path as a whole do not count, nor does that a path contains a name with one key once: the least
    /// broken path is shown, and need not be the only one.
    func leastBroken() -> BrokenPath? {
        struct Cost: Comparable {
            var complaints: Int
            var length: Int
            /// Of the last certificate: it only decides between paths that are equal otherwise.
            var fingerprint: String
            static func < (left: Cost, right: Cost) -> Bool {
                (left.complaints, left.length, left.fingerprint) < (right.complaints, right.length, right.fingerprint)
            }
        }
        func cost(_ index: Int) -> Int { complaints(at: index).count { profile.refuses(for: $0) } }
        var best: [Int: Cost] = [0: Cost(complaints: cost(0), length: 1, fingerprint: "")]
        var from: [Int: Int] = [:]
        var open: Set<Int> = [0]
        var closed: Set<Int> = []
        // Dijkstra's algorithm: a path's cost grows with its length.
        while let (index, reached) = open.compactMap({ index in best[index].map { (index, $0) } }).min(by: {
            $0.1 < $1.1
        }) {
            open.remove(index)
            closed.insert(index)
            if isAnchor(index) {
                var indices = [index]
                while let below = from[indices[0]] { indices.insert(below, at: 0) }
                let path = indices.map { graph.nodes[$0].certificate }
                let all = indices.flatMap { complaints(at: $0) } + profile.whole(path)
                return BrokenPath(path: path, anchor: graph.nodes[index].heldAs?.name ?? "", complaints: all)
            }
            for issuer in graph.issuers[index] ?? [] where !closed.contains(issuer) {
                let next = Cost(
                    complaints: reached.complaints + cost(issuer),
                    length: reached.length + 1,
                    fingerprint: graph.nodes[issuer].fingerprint
                )
                if best[issuer].map({ next < $0 }) ?? true {
                    best[issuer] = next
                    from[issuer] = index
                    open.insert(issuer)
                }
            }
        }
        return nil
    }

    /// The path that says most of why nothing trusted is reached.
    func findDeadEnd() -> (path: [KnownCertificate], end: End) {
        func path(_ index: Int) -> [KnownCertificate] { graph.path(to: index) }
        let depth = Dictionary(uniqueKeysWithValues: graph.reached.map { ($0, path($0).count) })
        func nearest(_ indices: [Int]) -> Int? {
            indices.min {
                (depth[$0] ?? 0, graph.nodes[$0].fingerprint) < (depth[$1] ?? 0, graph.nodes[$1].fingerprint)
            }
        }
        if let held = nearest(graph.reached.filter { $0 != 0 && graph.nodes[$0].heldAs != nil }) {
            return (path(held), .unverified(name: graph.nodes[held].heldAs?.name ?? ""))
        }
        if let root = nearest(graph.reached.filter { graph.selfSigned.contains($0) }) {
            return (path(root), .foreignRoot)
        }
        let tops = graph.reached.filter { graph.issuers[$0]?.isEmpty ?? true }
        // Where CAs sign one another in a circle there is no top; then the last one met stands for it.
        let top = tops.max {
            (depth[$0] ?? 0, graph.nodes[$1].fingerprint) < (depth[$1] ?? 0, graph.nodes[$0].fingerprint)
        }
        return (path(top ?? graph.reached.last ?? 0), .issuerUnknown)
    }

    /// Why something that cannot be read, or is known by its thumbprint alone, may be an issuer that was looked for; nil if nothing may.
    func unseen(_ presented: [KnownCertificate], _ authorities: [Registry.CACertificate]) -> String? {
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
            // Exports write a subject as a whole name or as the common name alone, so either may contain the other. A common
            // name such as `CA` then fits many: the answer is undecided more often than it must be, and never wrong.
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
