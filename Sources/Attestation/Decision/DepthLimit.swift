/// The rules of a profile, and a bound on the CAs between the leaf and the trusted certificate.
///
/// A CA that issued to itself, as when it changes its key, is not counted, as in RFC 5280, 4.2.1.9.
struct DepthLimit: PathProfile {
    let base: any PathProfile
    /// The most that may stand between; 0 or more.
    let most: Int

    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint] {
        base.local(certificate, isLeaf: isLeaf)
    }

    func whole(_ path: [KnownCertificate]) -> [PathComplaint] {
        let between = path.dropFirst().dropLast().count { !$0.isSelfIssued }
        guard between > most else { return base.whole(path) }
        let text = "there are \(between) CA(s) between the leaf and the trusted certificate, \(most) may be"
        return base.whole(path) + [PathComplaint(text: text, kind: .unsound)]
    }

    func unjudged(_ certificate: KnownCertificate) -> String? { base.unjudged(certificate) }

    func refuses(for complaint: PathComplaint) -> Bool { base.refuses(for: complaint) }

    func refuses(unread certificate: KnownCertificate) -> [PathComplaint] { base.refuses(unread: certificate) }
}
