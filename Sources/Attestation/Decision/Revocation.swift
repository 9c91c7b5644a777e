/// Disabled entries: DPS has no other revocation, so nothing here may hang on the order of a list.
///
/// A certificate that stands in a disabled entry is refused even if another entry enables it (DPS documentation, rolling
/// certificates). One certificate belongs in one entry; where it stands in several, all are named.
extension DecisionRun {
    /// The enrollment whose proof holds, or the disabled one that shuts the same certificate out.
    ///
    /// - Parameters:
    ///   - certificate: what proved it: the pinned leaf, or the CA that the enrollment names.
    ///   - above: the paths that the leaf has.
    mutating func proved(
        _ enrollment: Enrollment,
        by certificate: KnownCertificate,
        above paths: [[KnownCertificate]],
        _ registry: Registry
    ) -> Attested {
        let leaf = paths.first?.first ?? certificate
        let pins = registry.disabledIndividuals(pinning: leaf).filter { $0.id != enrollment.id }
        let groups = registry.groups(holding: certificate).filter {
            $0.id != enrollment.id || enrollment.kind == .individual
        }
        let others = groups + pins
        if !others.isEmpty {
            let all = ([enrollment] + others).map(Self.named).joined(separator: ", ")
            note("one entry", .fail, "\(certificate.subject) stands in \(all); DPS takes a certificate in one entry")
            findings.x509.append(.shared("\(certificate.subject) stands in \(all)"))
        }
        let decides = enrollment.isEnabled ? others.first { !$0.isEnabled } ?? enrollment : enrollment
        if decides.id != enrollment.id || decides.kind != enrollment.kind {
            note("disabled entry", .fail, "\(Self.named(decides)) shuts this certificate out, whatever else enables it")
        }
        notePassedBy(decides, paths, registry)
        if !decides.isEnabled, decides.kind == .individual {
            let takers = paths.flatMap { $0.dropFirst() }.flatMap { registry.groups(holding: $0) }.filter(\.isEnabled)
            if let group = takers.map(\.id).min() { findings.x509.append(.disabledHides(group)) }
        }
        return .proved(decides)
    }

    /// Names the disabled groups farther up that do not decide, because something nearer to the leaf does.
    private mutating func notePassedBy(
        _ decides: Enrollment,
        _ paths: [[KnownCertificate]],
        _ registry: Registry
    ) {
        guard decides.isEnabled else { return }
        var seen: Set<String> = []
        for certificate in paths.flatMap({ $0.dropFirst() }) {
            for group in registry.groups(holding: certificate) where !group.isEnabled && seen.insert(group.id).inserted
            {
                let words = "\(Self.named(group)) holds \(certificate.subject)"
                note("disabled entry", .notChecked, "\(words) and is passed by: \(Self.named(decides)) is nearer")
                findings.x509.append(.disabledPassedBy("\(words); \(Self.named(decides)) is nearer to the device"))
            }
            for group in registry.disabledGroups(holdingTwinOf: certificate) where seen.insert(group.id).inserted {
                let words = "\(Self.named(group)) holds another certificate of \(certificate.subject) with the same key"
                note("disabled entry", .notChecked, "\(words) and does not decide: DPS compares certificates")
                findings.x509.append(.disabledTwin("\(words) than \(Self.named(decides))"))
            }
        }
    }

    /// An enrollment in words, with its state if that is disabled.
    static func named(_ enrollment: Enrollment) -> String {
        let state = enrollment.isEnabled ? "" : " (disabled)"
        return "\(enrollment.kind == .group ? "group" : "individual enrollment") \(Shown.short(enrollment.id))\(state)"
    }
}
