/// Path validation alone: a chain, the certificates that are trusted, and a time; no enrollment.
public struct PathJudgement: Sendable {
    /// How it came out.
    public enum Outcome: String, Sendable {
        /// A path to a trusted certificate holds.
        case accepted
        /// There is no path, or a rule is broken.
        case refused
        /// A certificate cannot be read, or the work is bounded.
        case cannotVerify
    }

    /// The rules that a path is held to.
    public enum Profile: String, Sendable, CaseIterable {
        /// What DPS is known, or taken, to check.
        case dps
        /// Every MUST of RFC 5280, sections 4 and 6.
        case rfc5280
    }

    /// How it came out.
    public let outcome: Outcome
    /// What was looked at.
    public let steps: [CheckStep]

    /// The most presented certificates that are read.
    public static let mostPresented = 256
    /// The most trusted certificates that are read.
    public static let mostAnchors = 10_000

    /// Judges a chain.
    ///
    /// An anchor need not be self-signed: a path may end at a trusted intermediate, or at the leaf itself. The leaf comes
    /// first; what else is presented may stand in any order, which is said.
    ///
    /// - Parameters:
    ///   - chain: PEM, or base64 of one DER; the leaf first.
    ///   - anchors: PEM of the trusted certificates.
    ///   - mostIntermediates: how many CAs may stand between the leaf and the trusted certificate; nil for any number.
    public static func judge(
        chain: String,
        anchors: String,
        at now: UnixTime,
        purpose: PathPurpose = .client,
        profile: Profile = .dps,
        mostIntermediates: Int? = nil
    ) -> PathJudgement {
        guard let presented = CertificateText.read(chain, limit: 4 << 20), let leaf = presented.first else {
            return unread("chain", CertificateText.complaint(chain, limit: 4 << 20))
        }
        guard presented.count <= mostPresented else {
            return unread("chain", "more than \(mostPresented) certificates")
        }
        guard let trusted = CertificateText.read(anchors, limit: 16 << 20) else {
            return unread("anchors", CertificateText.complaint(anchors, limit: 16 << 20))
        }
        guard trusted.count <= mostAnchors else { return unread("anchors", "more than \(mostAnchors) certificates") }
        let base: any PathProfile =
            switch profile {
            case .dps: DPSProfile(now: now, purpose: purpose, refusesForPolicy: true)
            case .rfc5280: RFC5280Profile(now: now, purpose: purpose)
            }
        let rules: any PathProfile = mostIntermediates.map { DepthLimit(base: base, most: $0) } ?? base
        guard leaf.content != nil else {
            let refusals = rules.refuses(unread: leaf)
            guard refusals.isEmpty else {
                let steps = refusals.map { CheckStep("path rules", .fail, $0.text) }
                return PathJudgement(outcome: .refused, steps: steps)
            }
            return unread("chain", "the leaf: \(leaf.fault)")
        }
        var steps = [CheckStep("certificate", .pass, "\(leaf.subject), \(presented.count) presented")]
        let order = CertificateOrder(presented)
        if let step = order.step { steps.append(step) }
        guard order.isLeafFirst else { return PathJudgement(outcome: .refused, steps: steps) }
        let search = PathSearch(
            presented,
            authorities: trusted.enumerated().map { authority("anchor \($0 + 1)", $1) },
            profile: rules,
            leafMayBeAnchor: true,
            stopsAtFirst: true
        )
        return outcome(search, steps, rules, profile)
    }

    private static func outcome(
        _ search: PathSearch,
        _ before: [CheckStep],
        _ rules: any PathProfile,
        _ profile: Profile
    ) -> PathJudgement {
        var steps = before
        if let way = search.valid.first {
            steps.append(CheckStep("chain", .pass, "\(way.path.count) certificates up to \(way.anchor)"))
            steps += way.remarks.map { CheckStep("remark", .notChecked, $0.text) }
            let words =
                profile == .dps
                ? "validity, CA flags, path lengths, usages and signatures hold"
                : "the rules of RFC 5280, sections 4 and 6, hold"
            return PathJudgement(outcome: .accepted, steps: steps + [CheckStep("path rules", .pass, words)])
        }
        if let reason = search.undecided {
            return PathJudgement(outcome: .cannotVerify, steps: steps + [CheckStep("chain", .notChecked, reason)])
        }
        if let broken = search.broken {
            steps.append(CheckStep("chain", .pass, "\(broken.path.count) certificates up to \(broken.anchor)"))
            steps += broken.complaints.map {
                CheckStep($0.kind == .policy ? "own policy" : "path rules", .fail, $0.text)
            }
            return PathJudgement(outcome: .refused, steps: steps)
        }
        let last = search.deadEnd?.path.last?.subject ?? "the leaf"
        let detail =
            search.deadEnd?.end == .issuerUnknown
            ? "the issuer of \(last) is not known" : "ends at a root that is not trusted: \(last)"
        steps.append(CheckStep("chain", .fail, detail))
        if let leaf = search.deadEnd?.path.first {
            steps += rules.local(leaf, isLeaf: true).map { CheckStep("path rules", .fail, $0.text) }
        }
        return PathJudgement(outcome: .refused, steps: steps)
    }

    private static func authority(_ name: String, _ certificate: KnownCertificate) -> Registry.CACertificate {
        Registry.CACertificate(
            name: name,
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

    private static func unread(_ step: String, _ reason: String) -> PathJudgement {
        PathJudgement(outcome: .cannotVerify, steps: [CheckStep(step, .notChecked, reason)])
    }
}
