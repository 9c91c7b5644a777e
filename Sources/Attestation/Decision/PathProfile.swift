/// What does not hold of a certificate or a path.
struct PathComplaint: Sendable, Equatable {
    /// How much it says of DPS.
    enum Kind: Sendable, Equatable {
        /// Its validity does not cover the time.
        case time
        /// A rule of path validation is broken.
        case unsound
        /// A policy of this room's own; DPS is not known to refuse for it.
        case policy
        /// A bound on the work was reached before all was judged.
        case bound
    }

    let text: String
    let kind: Kind
}

/// The rules that a path is held to, apart from the names and signatures that make it a path.
protocol PathProfile: Sendable {
    /// What does not hold of one certificate, wherever it stands: as the leaf, or above it.
    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint]

    /// What does not hold of a whole path, leaf first and ended by what is trusted, beside what ``local(_:isLeaf:)`` says.
    func whole(_ path: [KnownCertificate]) -> [PathComplaint]

    /// Why nothing can be said of a path through this certificate; nil if it can be judged.
    func unjudged(_ certificate: KnownCertificate) -> String?

    /// Whether a complaint refuses the path.
    func refuses(for complaint: PathComplaint) -> Bool

    /// What refuses a certificate that the library does not read; empty where nothing can be said of it.
    func refuses(unread certificate: KnownCertificate) -> [PathComplaint]
}

extension PathProfile {
    /// Nothing is said of certificates that are not read.
    func refuses(unread certificate: KnownCertificate) -> [PathComplaint] { [] }
}

/// How a certificate is called in complaints.
func pathName(_ certificate: KnownCertificate, isLeaf: Bool) -> String { isLeaf ? "leaf" : certificate.subject }

/// What DPS is known, or taken, to check.
///
/// That DPS looks at validity, path length and key usage is inferred, not documented (RFC 5280, sections 4.1.2.5, 4.2,
/// 4.2.1.3, 4.2.1.9). Extended key usage (4.2.1.12) is a policy: nothing says that DPS enforces it.
struct DPSProfile: PathProfile {
    let now: UnixTime
    var purpose = PathPurpose.client
    /// Whether the policy of this room refuses, as it does where no enrollment is asked.
    var refusesForPolicy = false

    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint] {
        var complaints: [PathComplaint] = []
        let name = pathName(certificate, isLeaf: isLeaf)
        func complain(_ text: String, _ kind: PathComplaint.Kind = .unsound) {
            complaints.append(PathComplaint(text: "\(name) \(text)", kind: kind))
        }
        if !certificate.isValid(at: now) { complain("is not valid at \(now)", .time) }
        if let number = certificate.unknownCritical {
            complain("has a critical extension that is not known (\(number))")
        }
        if certificate.forbids(purpose) { complain("is not for \(purpose.plural) (extended key usage)", .policy) }
        if isLeaf { return complaints }
        if !certificate.isAuthority { complain("is not a CA") }
        if certificate.forbidsSigning { complain("may not sign certificates (key usage)") }
        return complaints
    }

    func whole(_ path: [KnownCertificate]) -> [PathComplaint] {
        var complaints = PathLength.complaints(path)
        for (place, certificate) in path.enumerated() where place < path.count - 1 && certificate.isWeaklySigned {
            let name = pathName(certificate, isLeaf: place == 0)
            complaints.append(PathComplaint(text: "\(name) is signed with SHA-1 or weaker", kind: .unsound))
        }
        return complaints
    }

    func unjudged(_ certificate: KnownCertificate) -> String? {
        certificate.unjudgedCritical.map {
            "\(certificate.subject) has the critical extension \($0), which is not judged here"
        }
    }

    func refuses(for complaint: PathComplaint) -> Bool { refusesForPolicy || complaint.kind != .policy }
}

/// How many authorities may follow one another (RFC 5280, 4.2.1.9).
enum PathLength {
    static func complaints(_ path: [KnownCertificate]) -> [PathComplaint] {
        var complaints: [PathComplaint] = []
        var below = 0
        for certificate in path.dropFirst() {
            if let length = certificate.pathLength, below > length {
                complaints.append(
                    PathComplaint(
                        text: "\(certificate.subject) allows \(length) CA(s) below it, there are \(below)",
                        kind: .unsound
                    )
                )
            }
            // A CA that issued to itself, as when it changes its key, is not counted.
            if !certificate.isSelfIssued { below += 1 }
        }
        return complaints
    }
}
