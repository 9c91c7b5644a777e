import Basics
internal import X509

/// The certificates that can be reached from a leaf: who signed whom, whatever order they were presented in.
///
/// RFC 4158 calls for all candidates of each issuer: those presented, and those that DPS holds, verified or not. Equal
/// certificates are one node. What leads where is decided by names and signatures alone, and ties by the certificates'
/// fingerprints, so that no order decides.
struct CertificateGraph: Sendable {
    /// One certificate.
    struct Node: Sendable {
        let certificate: KnownCertificate
        /// SHA-256 in hexadecimal.
        let fingerprint: String
        /// The CA certificate of the instance that this is; the verified one if it was uploaded twice.
        let heldAs: Registry.CACertificate?
        let subjectKey: String
        let issuerKey: String
        /// Name and key together: a path that meets both twice goes in a circle (RFC 4158, 2.4.2).
        let identity: String
        /// What the certificate calls its own key, and its issuer's, if it says.
        let keyIdentifier: [UInt8]?
        let authorityIdentifier: [UInt8]?
    }

    /// The most signatures that are checked for one leaf.
    static let mostSignatures = 10_000

    /// The leaf first, then the others in no order that matters.
    let nodes: [Node]
    /// For each node that can be reached, the places of those whose key signed it, likeliest first.
    private(set) var issuers: [Int: [Int]] = [:]
    /// The nodes that can be reached, nearest first.
    private(set) var reached: [Int] = []
    /// The node that each reached node was first met from.
    private(set) var parents: [Int: Int] = [:]
    /// The reached nodes that signed themselves.
    private(set) var selfSigned: Set<Int> = []
    /// Whether the bound on signatures was reached.
    private(set) var ranOut = false
    private var signatures = 0

    /// Builds the graph above the first presented certificate.
    ///
    /// - Parameter suits: whether a certificate may stand above the leaf, for the order in which candidates are tried.
    init(
        _ presented: [KnownCertificate],
        authorities: [Registry.CACertificate],
        suits: (KnownCertificate) -> Bool
    ) {
        var holders: [String: Registry.CACertificate] = [:]
        var held: [KnownCertificate] = []
        func keep(_ print: String, _ authority: Registry.CACertificate) {
            let plain = ASCII.lowercased(print.filter { $0 != ":" && $0 != " " })
            if let known = holders[plain], known.isVerified || !authority.isVerified { return }
            holders[plain] = authority
        }
        for authority in authorities {
            if let certificate = authority.entry.certificate {
                held.append(certificate)
                keep(certificate.sha256, authority)
            } else {
                for print in [authority.entry.sha256Thumbprint, authority.entry.sha1Thumbprint] {
                    if let print { keep(print, authority) }
                }
            }
        }
        var seen: Set<String> = []
        var nodes: [Node] = []
        for certificate in presented + held where certificate.content != nil {
            let print = certificate.sha256
            guard seen.insert(print).inserted else { continue }
            nodes.append(
                Node(
                    certificate: certificate,
                    fingerprint: print,
                    heldAs: holders[print] ?? holders[certificate.sha1],
                    subjectKey: certificate.subjectKey,
                    issuerKey: certificate.issuerKey,
                    identity: certificate.identity,
                    keyIdentifier: (try? certificate.content?.extensions.subjectKeyIdentifier).map {
                        Array($0.keyIdentifier)
                    },
                    authorityIdentifier: (try? certificate.content?.extensions.authorityKeyIdentifier)?.keyIdentifier
                        .map { Array($0) }
                )
            )
        }
        self.nodes = nodes
        guard !nodes.isEmpty else { return }
        let bySubject = Dictionary(grouping: nodes.indices) { nodes[$0].subjectKey }
        reached = [0]
        var next = 0
        while next < reached.count, !ranOut {
            let place = reached[next]
            next += 1
            let found = candidates(of: place, bySubject[nodes[place].issuerKey] ?? [], suits)
            issuers[place] = found
            for issuer in found where issuer != 0 && parents[issuer] == nil {
                parents[issuer] = place
                reached.append(issuer)
            }
        }
    }

    /// Who signed a node: verified ones first, then those that may stand above the leaf, then by fingerprint.
    ///
    /// A signature holds with one key alone, so each key of the name is tried once, those that the key identifiers point to
    /// first, and no more after the one that holds.
    private mutating func candidates(
        of place: Int,
        _ named: [Int],
        _ suits: (KnownCertificate) -> Bool
    ) -> [Int] {
        let byKey = Dictionary(grouping: named) { nodes[$0].identity }
        let wanted = nodes[place].authorityIdentifier
        func rank(_ places: [Int]) -> (Int, String) {
            let isPointedTo = wanted != nil && places.contains { nodes[$0].keyIdentifier == wanted }
            return (isPointedTo ? 0 : 1, places.map { nodes[$0].fingerprint }.min() ?? "")
        }
        var signers: [Int] = []
        for places in byKey.values.sorted(by: { rank($0) < rank($1) }) {
            guard signatures < CertificateGraph.mostSignatures else {
                ranOut = true
                break
            }
            signatures += 1
            guard let one = places.first, nodes[place].certificate.isSigned(by: nodes[one].certificate) else {
                continue
            }
            signers = places
            break
        }
        if signers.contains(place) { selfSigned.insert(place) }
        let found = signers.filter { $0 != place }.map { candidate in
            let node = nodes[candidate]
            let rank = node.heldAs?.isVerified == true ? 0 : suits(node.certificate) ? 1 : 2
            return (rank: rank, fingerprint: node.fingerprint, place: candidate)
        }
        return found.sorted { ($0.rank, $0.fingerprint) < ($1.rank, $1.fingerprint) }.map(\.place)
    }

    /// The path by which a node was first met, leaf first.
    func path(to place: Int) -> [KnownCertificate] {
        var path = [nodes[place].certificate]
        var current = place
        while let below = parents[current] {
            path.append(nodes[below].certificate)
            current = below
        }
        return path.reversed()
    }
}
