/// Path validation alone: a chain, the certificates that are trusted, and a time; no enrollment.
public struct PathJudgement: Sendable {
    /// How it came out.
    public enum Outcome: String, Sendable {
        /// A path to a trusted certificate holds.
        case accepted
        /// There is no path, or a rule is broken.
        case refused
        /// A certificate cannot be read.
        case cannotVerify
    }

    /// How it came out.
    public let outcome: Outcome
    /// What was looked at.
    public let steps: [CheckStep]

    /// Judges a chain.
    ///
    /// An anchor need not be self-signed: a path may end at a trusted intermediate, or at the leaf itself.
    ///
    /// - Parameters:
    ///   - chain: PEM, or base64 of one DER; the leaf first.
    ///   - anchors: PEM of the trusted certificates.
    public static func judge(chain: String, anchors: String, at now: UnixTime) -> PathJudgement {
        guard let presented = KnownCertificate.read(chain), let leaf = presented.first else {
            return unread("chain", "no certificate in it")
        }
        guard presented.count <= AttestationRequest.mostCertificates else {
            return unread("chain", "too many certificates")
        }
        guard let trusted = KnownCertificate.read(anchors) else { return unread("anchors", "no certificate in it") }
        let authorities = trusted.enumerated().map { place, certificate in
            Registry.CACertificate(
                name: "anchor \(place + 1)",
                entry: EnrollmentCertificates.Entry(
                    text: Base64Text.encode(certificate.der),
                    sha1Thumbprint: nil,
                    sha256Thumbprint: nil,
                    subjectName: nil,
                    issuerName: nil
                ),
                isVerified: true
            )
        }
        let walk = ChainWalk(presented, authorities: authorities, at: now, leafMayBeAnchor: true)
        var steps = [CheckStep("certificate", .pass, "\(leaf.subject), \(presented.count) presented")]
        switch walk.end {
        case .verified(let name):
            steps.append(CheckStep("chain", .pass, "\(walk.path.count) certificates up to \(name)"))
        case .unreadable(let reason):
            return PathJudgement(outcome: .cannotVerify, steps: steps + [CheckStep("chain", .notChecked, reason)])
        case .unverified, .foreignRoot, .issuerUnknown:
            let detail =
                walk.end == .issuerUnknown
                ? "the issuer of \(walk.path.last?.subject ?? "the leaf") is not known"
                : "ends at a root that is not trusted"
            return PathJudgement(outcome: .refused, steps: steps + [CheckStep("chain", .fail, detail)])
        }
        let complaints = walk.judge(at: now)
        if complaints.isEmpty {
            steps.append(CheckStep("path rules", .pass, "validity, CA flags, path lengths, usages and signatures hold"))
        }
        steps += complaints.map { CheckStep($0.kind == .policy ? "own policy" : "path rules", .fail, $0.text) }
        return PathJudgement(outcome: complaints.isEmpty ? .accepted : .refused, steps: steps)
    }

    private static func unread(_ step: String, _ reason: String) -> PathJudgement {
        PathJudgement(outcome: .cannotVerify, steps: [CheckStep(step, .notChecked, reason)])
    }
}
