/// Why a chain reaches nothing that DPS trusts: what of the many possible causes the certificates leave.
struct ShortChain {
    let path: [KnownCertificate]
    let end: PathSearch.End
    let presented: [KnownCertificate]
    let registry: Registry

    /// The causes, likeliest first; one alone where only one is left.
    var findings: [X509Finding] {
        if path.count == 1, end == .foreignRoot { return [.selfSignedLeaf] }
        if case .unverified(let name) = end { return [.unverified(name)] }
        guard let top = path.last else { return [] }
        let isSeen = end == .foreignRoot
        let wanted = isSeen ? top.subjectKey : top.issuerKey
        let root = isSeen ? top.subject : top.issuer
        // A CA certificate of this name that signed would have been on the path.
        let namesakes = registry.certificates.filter { $0.entry.certificate?.subjectKey == wanted }
        if let namesake = namesakes.min(by: { $0.name < $1.name }) {
            return [.otherKey(name: namesake.name, subject: root)]
        }
        if let known = knownIssuer(top), !isSeen { return belowKnown(known.certificate, known.group) }
        let hasVerified = registry.certificates.contains(where: \.isVerified)
        let group = path.dropFirst().flatMap { registry.groups(holding: $0) }.first
        if let group {
            let isOnly = isSeen || !hasVerified
            let without = X509Finding.groupWithoutRoot(group: group.id, root: root, isOnlyCause: isOnly)
            return isOnly ? [without] : [.intermediateMissing(issuer: root, known: nil), without]
        }
        let notHeld = X509Finding.rootNotHeld(root, isSeen ? .certain : hasVerified ? .possible : .likely)
        return isSeen || !hasVerified ? [notHeld] : [.intermediateMissing(issuer: root, known: nil), notHeld]
    }

    /// The certificate of a group that signed the last one on the path, and was not sent.
    private func knownIssuer(_ top: KnownCertificate) -> (certificate: KnownCertificate, group: String)? {
        for group in registry.certificateGroups.sorted(by: { $0.id < $1.id }) {
            if let issuer = registry.signingCertificates(group).first(where: { top.isIssued(by: $0) }) {
                return (issuer, group.id)
            }
        }
        return nil
    }

    /// A root need not be sent; so a self-signed certificate of the group that is missing is one that DPS does not trust.
    private func belowKnown(_ issuer: KnownCertificate, _ group: String) -> [X509Finding] {
        guard !issuer.isSelfSigned else {
            return [.groupWithoutRoot(group: group, root: issuer.subject, isOnlyCause: true)]
        }
        let groups = registry.certificateGroups.flatMap { registry.signingCertificates($0) }
        let whole = PathSearch(
            presented + groups,
            authorities: registry.certificates,
            profile: AnyPathProfile()
        )
        let missing = X509Finding.intermediateMissing(issuer: issuer.subject, known: group)
        if !whole.valid.isEmpty { return [missing] }
        let root = issuer.issuer
        return [.groupWithoutRoot(group: group, root: root, isOnlyCause: false), missing]
    }
}

/// No rules at all, for asking where certificates lead.
private struct AnyPathProfile: PathProfile {
    func local(_ certificate: KnownCertificate, isLeaf: Bool) -> [PathComplaint] { [] }
    func whole(_ path: [KnownCertificate]) -> [PathComplaint] { [] }
    func unjudged(_ certificate: KnownCertificate) -> String? { nil }
    func refuses(for complaint: PathComplaint) -> Bool { true }
}
