/// Groups: the first entry on the way up from the leaf decides (DPS documentation, X.509 attestation concepts).
extension DecisionRun {
    mutating func attestThroughGroups(
        _ leaf: KnownCertificate,
        _ presented: [KnownCertificate],
        _ registry: Registry
    ) -> Attested {
        let groups = registry.certificateGroups
        let mayBeOther = registry.groups.contains { if case .unknown = $0.attestation { true } else { false } }
        if groups.isEmpty, !mayBeOther { findings.x509.append(.noEnrollmentOfKind("a certificate")) }
        let isHeld =
            !registry.groups(holding: leaf).isEmpty
            || leaf.isAuthority && registry.certificates.contains { $0.entry.compare(leaf) == .same }
        guard !isHeld, !(leaf.isAuthority && !leaf.isSelfSigned) else {
            findings.x509.append(.authorityAsLeaf)
            note("chain", .fail, "the presented leaf is a CA certificate")
            return .decided(unauthorized("Signing certificate info did not match chain elements"))
        }
        let search = PathSearch(presented, authorities: registry.certificates, profile: DPSProfile(now: now))
        if let decided = refuse(search, presented, registry) { return .decided(decided) }
        return firstGroup(search.valid.map(\.path), registry)
    }

    /// The group that holds the certificate nearest to the leaf, over all paths that hold.
    private mutating func firstGroup(_ paths: [[KnownCertificate]], _ registry: Registry) -> Attested {
        var passed: [String] = []
        for depth in 1..<(paths.map(\.count).max() ?? 1) {
            var seen: Set<String> = []
            let here = paths.compactMap { $0.count > depth ? $0[depth] : nil }.filter {
                seen.insert($0.sha256).inserted
            }
            .sorted { $0.sha256 < $1.sha256 }
            let hits = here.flatMap { certificate in
                registry.groups(holding: certificate).map { (group: $0, certificate: certificate) }
            }
            // Among twins at one height a disabled entry decides, like among the entries of one certificate.
            if let hit = hits.first(where: { !$0.group.isEnabled }) ?? hits.first {
                enrollment = hit.group
                note("enrollment", .pass, "group \(Shown.short(hit.group.id)) holds \(hit.certificate.subject)")
                noteTwins(hits, hit.group)
                if !passed.isEmpty {
                    // Nobody can see from here whether a group nearer to the leaf was deleted to shut devices out (M27).
                    note("nearer groups", .pass, "none holds \(passed.joined(separator: ", "))")
                }
                return proved(hit.group, by: hit.certificate, above: paths, registry)
            }
            passed += here.map(\.subject)
        }
        let isUnknown = paths.flatMap { $0.dropFirst() }.contains { certificate in
            registry.groups.contains { registry.signs($0, certificate) == .unknown }
        }
        if isUnknown, let (group, fault) = registry.unreadableGroup {
            note("enrollment", .notChecked, "the certificate of group \(Shown.short(group)): \(fault)")
            return .decided(cannotVerify("the certificate of group \(Shown.short(group)) cannot be read: \(fault)"))
        }
        guard !isUnknown else {
            note("enrollment", .notChecked, "a group's certificate is shown neither as text nor by thumbprint")
            return .decided(cannotVerify("keys not shown: the certificates of a group"))
        }
        note("enrollment", .fail, "no group holds a certificate of the chain")
        noteWithoutGroup(paths, registry)
        return .decided(unauthorized())
    }

    /// Says which other groups hold twins of the deciding certificate, by other paths that hold as well.
    private mutating func noteTwins(
        _ hits: [(group: Enrollment, certificate: KnownCertificate)],
        _ decides: Enrollment
    ) {
        let others = hits.filter { $0.group.id != decides.id }.map(\.group)
        guard Set(hits.map(\.certificate.sha256)).count > 1, !others.isEmpty else { return }
        let names = others.map(Self.named).joined(separator: ", ")
        note("one entry", .notChecked, "another path leads to \(names); \(Self.named(decides)) is taken")
        findings.x509.append(.shared("paths of this device lead to \(Self.named(decides)) and to \(names)"))
    }

    private mutating func noteWithoutGroup(_ paths: [[KnownCertificate]], _ registry: Registry) {
        let groups = registry.certificateGroups
        let dangling = groups.sorted { $0.id < $1.id }.flatMap { group in
            registry.danglingReferences(group).map { (group.id, $0) }
        }
        if registry.listed.contains("certificates") {
            for (group, name) in dangling.prefix(5) {
                note(
                    "CA reference",
                    .fail,
                    "group \(Shown.short(group)) names the CA \(Shown.short(name)), which DPS does not hold"
                )
                let isOnly = groups.count == 1
                findings.x509.append(.referenceNamesNothing(enrollment: group, name: name, isOnlyCause: isOnly))
            }
        }
        guard dangling.isEmpty, !groups.isEmpty, let top = paths.first?.last else { return }
        findings.x509.append(.noGroup(authority: top.subject))
    }

    // MARK: - No path

    /// The refusal that a search ends in, if no way holds; nil if one does.
    mutating func refuse(_ search: PathSearch, _ presented: [KnownCertificate], _ registry: Registry) -> Verdict? {
        if let way = search.valid.first {
            let more = search.valid.count > 1 ? "; \(search.valid.count) paths hold" : ""
            note(
                "chain",
                .pass,
                "\(way.path.count) certificates up to the verified CA \(Shown.short(way.anchor))\(more)"
            )
            for remark in way.remarks {
                note("own policy", .fail, "\(remark.text); DPS is not known to refuse for this")
            }
            note("path rules", .pass, "validity, CA flags, path lengths, key usages and signatures hold")
            return nil
        }
        if let reason = search.undecided {
            note("chain", .notChecked, reason)
            return cannotVerify("the chain cannot be judged: \(reason)")
        }
        if let broken = search.broken {
            note(
                "chain",
                .pass,
                "\(broken.path.count) certificates up to the verified CA \(Shown.short(broken.anchor))"
            )
            let against = broken.complaints.filter { $0.kind != .policy }
            for complaint in against { note("path rules", .fail, complaint.text) }
            if let first = against.first {
                findings.x509.append(first.kind == .time ? .time(first.text) : .unsound(first.text))
            }
            return unauthorized("Invalid certificate")
        }
        guard let short = search.deadEnd else { return cannotVerify("no certificate was presented") }
        // A certificate that signed itself is refused whatever DPS holds.
        if let reason = registry.lacksAuthorities, !(short.path.count == 1 && short.end == .foreignRoot) {
            note("chain", .notChecked, reason)
            return cannotVerify("the chain cannot be judged: \(reason)")
        }
        return endsShort(short.path, short.end, presented, registry)
    }

    private mutating func endsShort(
        _ path: [KnownCertificate],
        _ end: PathSearch.End,
        _ presented: [KnownCertificate],
        _ registry: Registry
    ) -> Verdict {
        findings.x509 += ShortChain(path: path, end: end, presented: presented, registry: registry).findings
        let last = path.last?.subject ?? "the leaf"
        switch end {
        case .unverified(let name):
            note("chain", .fail, "ends at CA \(Shown.short(name)), which is not verified")
            return unauthorized("Invalid certificate")
        case .foreignRoot where path.count == 1:
            note("chain", .fail, "the leaf signed itself, and no group takes such a certificate")
            return unauthorized("CA certificate not found.")
        case .foreignRoot:
            note("chain", .fail, "ends at a self-signed certificate that DPS does not hold: \(last)")
            return unauthorized("Invalid certificate")
        case .issuerUnknown:
            note("chain", .fail, "the issuer of \(last) is neither presented nor among the CA certificates in DPS")
            return unauthorized("CA certificate not found.")
        }
    }
}
