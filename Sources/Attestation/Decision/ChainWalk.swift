/// The way up from a leaf through what was presented and what DPS holds verified.
///
/// Building and judging are apart: the walk only finds the certificates; `judge` says for each what holds.
struct ChainWalk: Sendable {
    /// How the walk ended.
    enum End: Sendable, Equatable {
        /// At a certificate that DPS holds verified; the index in the path.
        case verified(name: String)
        /// At a certificate that DPS holds, but not verified.
        case unverified(name: String)
        /// No issuer of the last certificate is known.
        case issuerUnknown
        /// The last certificate signed itself and DPS does not hold it.
        case foreignRoot
        /// A certificate on the way cannot be read, or a CA is known only by its thumbprint.
        case unreadable(String)
    }

    let path: [KnownCertificate]
    let end: End

    /// The longest path that is followed.
    static let longest = 16

    /// Walks up; presented certificates first, then the instance's CAs.
    init(
        _ presented: [KnownCertificate],
        authorities: [Registry.CACertificate],
        at now: UnixTime,
        leafMayBeAnchor: Bool = false
    ) {
        // Each of these is compared with each step of the path: bounded work whatever is presented.
        let pool = Array(presented.dropFirst())
        let held = authorities.map {
            (authority: $0, certificate: $0.entry.text.flatMap { KnownCertificate.read($0)?.first })
        }
        var path = Array(presented.prefix(1))
        var unverified: String?
        func holder(_ certificate: KnownCertificate) -> Registry.CACertificate? {
            // The same CA may be uploaded twice; a verified one counts.
            let same = authorities.filter { $0.entry.compare(certificate) == .same }
            return same.first { $0.isVerified } ?? same.first
        }
        while let last = path.last {
            guard last.content != nil else {
                self.init(path, .unreadable("\(path.count == 1 ? "leaf" : "issuer \(path.count - 1)"): \(last.fault)"))
                return
            }
            if let number = last.unjudgedCritical {
                self.init(
                    path,
                    .unreadable("\(last.subject) has the critical extension \(number), which is not judged here")
                )
                return
            }
            if path.count > 1 || leafMayBeAnchor, let holder = holder(last) {
                if holder.isVerified {
                    self.init(path, .verified(name: holder.name))
                    return
                }
                unverified = unverified ?? holder.name
            }
            guard path.count < ChainWalk.longest, !last.isSelfSigned else {
                self.init(path, unverified.map { .unverified(name: $0) } ?? .foreignRoot)
                return
            }
            let visited = Set(path.map(\.der))
            let issuers = pool.filter { !visited.contains($0.der) && last.isIssued(by: $0) }
            // A CA that was renewed has two certificates with one key: the one that holds now is the way on.
            if let next = issuers.first(where: { $0.isAuthority && $0.isValid(at: now) }) ?? issuers.first {
                path.append(next)
                continue
            }
            let candidates = held.filter { $0.certificate.map { last.isIssued(by: $0) } ?? false }
            if let next = (candidates.first { $0.authority.isVerified } ?? candidates.first)?.certificate,
                !visited.contains(next.der)
            {
                path.append(next)
                continue
            }
            if let hidden = authorities.first(where: { $0.entry.text == nil && $0.isVerified && path.count >= 1 }) {
                // The missing issuer may be this one, of which only a thumbprint is known.
                self.init(path, .unreadable("the CA certificate \(hidden.name) is not shown, only its thumbprint"))
                return
            }
            if let broken = pool.first(where: { $0.content == nil }) {
                self.init(path, .unreadable("a presented certificate: \(broken.fault)"))
                return
            }
            self.init(path, unverified.map { .unverified(name: $0) } ?? .issuerUnknown)
            return
        }
        self.init(path, .unreadable("no certificate was presented"))
    }

    private init(_ path: [KnownCertificate], _ end: End) {
        self.path = path
        self.end = end
    }

    /// What does not hold of a certificate.
    struct Complaint: Sendable {
        /// How much it says of DPS.
        enum Kind: Sendable, Equatable {
            /// Its validity does not cover the time.
            case time
            /// A rule of path validation is broken.
            case unsound
            /// A policy of this room's own; DPS is not known to refuse for it.
            case policy
        }

        let text: String
        let kind: Kind
    }

    /// What does not hold of the certificates on the path at this time, each with its rule.
    ///
    /// That DPS looks at validity, path length and key usage is inferred, not documented (RFC 5280, sections 4.1.2.5,
    /// 4.2, 4.2.1.3, 4.2.1.9). Extended key usage (4.2.1.12) is a policy: nothing says that DPS enforces it.
    func judge(at now: UnixTime) -> [Complaint] {
        var complaints: [Complaint] = []
        for (place, certificate) in path.enumerated() {
            let name = place == 0 ? "leaf" : certificate.subject
            func complain(_ text: String, _ kind: Complaint.Kind = .unsound) {
                complaints.append(Complaint(text: "\(name) \(text)", kind: kind))
            }
            if !certificate.isValid(at: now) { complain("is not valid at \(now)", .time) }
            if let number = certificate.unknownCritical {
                complain("has a critical extension that is not known (\(number))")
            }
            if certificate.isWeaklySigned, place < path.count - 1 { complain("is signed with SHA-1 or weaker") }
            if certificate.forbidsClients { complain("is not for clients (extended key usage)", .policy) }
            if place == 0 { continue }
            if !certificate.isAuthority { complain("is not a CA") }
            if certificate.forbidsSigning { complain("may not sign certificates (key usage)") }
            if let length = certificate.pathLength, place - 1 > length {
                complain("allows \(length) CA(s) below it, there are \(place - 1)")
            }
        }
        return complaints
    }
}
