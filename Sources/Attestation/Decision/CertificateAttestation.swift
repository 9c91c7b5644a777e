/// What the judging of certificates found, for the diagnosis.
enum X509Finding: Sendable {
    case commonNameMissing
    case commonNameDiffers
    case authorityAsLeaf
    case renewed
    case chainForIndividual
    case issuerUnknown
    case unverified(String)
    case time(String)
    case unsound(String)
    case disabledHides(String)
}

/// X.509: the individual enrollment pins the leaf, else the first group on the way up decides.
///
/// Source: DPS documentation, X.509 attestation concepts; the messages are those seen live.
extension DecisionRun {
    mutating func attestCertificate(_ registry: Registry) async -> Attested {
        var presented: [KnownCertificate] = []
        for (place, text) in request.clientCertificateChain.enumerated() {
            guard let read = KnownCertificate.read(text) else {
                note("certificate", .notChecked, "presented certificate \(place + 1) is neither PEM nor base64")
                return .decided(
                    cannotVerify("presented certificate \(place + 1) cannot be read: neither PEM nor base64")
                )
            }
            presented += read
        }
        guard let leaf = presented.first, leaf.content != nil, presented.count <= AttestationRequest.mostCertificates
        else {
            note("certificate", .notChecked, presented.first?.fault ?? "none")
            return .decided(
                cannotVerify("the device certificate cannot be judged: \(presented.first?.fault ?? "none")")
            )
        }
        note("certificate", .pass, "\(leaf.subject), \(presented.count) presented")
        if let refusal = checkCommonName(leaf) { return .decided(refusal) }
        if let individual = registry.individual(request.registrationID) {
            enrollment = individual
            note("enrollment", .pass, "individual enrollment \(individual.id)")
            guard case .x509(let certificates) = individual.attestation else {
                return mismatch(individual, presented: "a certificate")
            }
            note("attestation type", .pass, "X.509")
            return attestPinned(leaf, presented, individual, certificates, registry)
        }
        note("enrollment", .pass, "no individual enrollment for this id: groups are looked for on the way up")
        return attestThroughGroups(leaf, presented, registry)
    }

    private mutating func checkCommonName(_ leaf: KnownCertificate) -> Verdict? {
        guard let name = leaf.commonName, !name.isEmpty else {
            findings.x509 = .commonNameMissing
            note("common name", .fail, "the certificate has none")
            return unauthorized()
        }
        guard asciiLowercased(name) == asciiLowercased(request.registrationID) else {
            // A CA certificate used as a device's own has another name too; that it is a CA says more.
            findings.x509 = leaf.isAuthority ? .authorityAsLeaf : .commonNameDiffers
            note("common name", .fail, "\(Shown.short(name)) is not the registration id")
            return unauthorized()
        }
        note("common name", .pass, "equals the registration id, case aside")
        return nil
    }

    private func unauthorized(_ message: String = "Unauthorized") -> Verdict { rejected(401, 401_002, message) }

    // MARK: - Individual

    private mutating func attestPinned(
        _ leaf: KnownCertificate,
        _ presented: [KnownCertificate],
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry
    ) -> Attested {
        if certificates.client.isEmpty, !certificates.caReferences.isEmpty {
            return attestByReference(presented, individual, certificates, registry)
        }
        let comparisons = certificates.client.map { $0.compare(leaf) }
        guard comparisons.contains(.same) else {
            if comparisons.contains(.unknown) || comparisons.isEmpty {
                note("enrolled certificate", .notChecked, "the registry shows neither certificate nor thumbprint")
                return .decided(cannotVerify("keys not shown: the certificates of \(individual.id)"))
            }
            findings.x509 = .renewed
            note("enrolled certificate", .fail, "the leaf is none of the \(comparisons.count) enrolled")
            return .decided(unauthorized())
        }
        note(
            "enrolled certificate",
            .pass,
            "the leaf is the \(comparisons.first == .same ? "primary" : "secondary") one"
        )
        guard leaf.isValid(at: now) else {
            findings.x509 = .time("the leaf's validity with \(now)")
            note("validity", .fail, "the leaf is not valid at \(now)")
            return .decided(unauthorized("Invalid certificate"))
        }
        note("validity", .pass, "the leaf is valid at \(now)")
        guard !leaf.isSelfSigned, presented.count > 1 else {
            note("chain", .notChecked, "the leaf is pinned; a signer that is not presented is not asked for")
            return pinned(individual, presented, registry)
        }
        let walk = ChainWalk(presented, authorities: registry.certificates, at: now)
        switch walk.end {
        case .verified(let name):
            note("chain", .pass, "reaches the verified CA \(name)")
            return pinned(individual, presented, registry)
        case .unreadable(let reason):
            note("chain", .notChecked, reason)
            return .decided(cannotVerify("the chain cannot be judged: \(reason)"))
        case .unverified, .issuerUnknown, .foreignRoot:
            findings.x509 = .chainForIndividual
            note("chain", .fail, "a chain was presented, and none of its CAs is verified in DPS")
            return .decided(unauthorized("Invalid certificate"))
        }
    }

    /// The leaf holds; if the enrollment is disabled, a group that would have taken the device is worth a word.
    private mutating func pinned(
        _ individual: Enrollment,
        _ presented: [KnownCertificate],
        _ registry: Registry
    ) -> Attested {
        if !individual.isEnabled {
            let path = ChainWalk(presented, authorities: registry.certificates, at: now).path.dropFirst()
            let group = registry.groups.first { group in
                group.isEnabled && path.contains { holds(group, $0, registry) == .same }
            }
            if let group { findings.x509 = .disabledHides(group.id) }
        }
        return .proved(individual)
    }

    private mutating func attestByReference(
        _ presented: [KnownCertificate],
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry
    ) -> Attested {
        let named = registry.certificates.filter { certificates.caReferences.contains($0.name) }
        guard !named.isEmpty else {
            note("enrolled certificate", .notChecked, "the registry does not hold the CA that the enrollment names")
            return .decided(cannotVerify("the CA certificate \(certificates.caReferences[0]) is not in the registry"))
        }
        let walk = ChainWalk(presented, authorities: registry.certificates, at: now)
        if let refusal = refuse(walk) { return .decided(refusal) }
        let isNamed = walk.path.dropFirst().contains { element in named.contains { $0.entry.compare(element) == .same }
        }
        guard isNamed else {
            note("enrolled certificate", .fail, "the chain does not pass the CA that the enrollment names")
            return .decided(unauthorized("Signing certificate info did not match chain elements"))
        }
        note("enrolled certificate", .pass, "the chain passes the named CA")
        return .proved(individual)
    }

    // MARK: - Groups

    private mutating func attestThroughGroups(
        _ leaf: KnownCertificate,
        _ presented: [KnownCertificate],
        _ registry: Registry
    ) -> Attested {
        let isGroupCertificate = registry.groups.contains { holds($0, leaf, registry) == .same }
        guard !isGroupCertificate, !(leaf.isAuthority && !leaf.isSelfSigned) else {
            findings.x509 = .authorityAsLeaf
            note("chain", .fail, "the presented leaf is a CA certificate")
            return .decided(unauthorized("Signing certificate info did not match chain elements"))
        }
        let walk = ChainWalk(presented, authorities: registry.certificates, at: now)
        if let refusal = refuse(walk) { return .decided(refusal) }
        var passed: [String] = []
        var isUnknown = false
        for element in walk.path.dropFirst() {
            for group in registry.groups {
                switch holds(group, element, registry) {
                case .different: continue
                case .unknown: isUnknown = true
                case .same:
                    enrollment = group
                    note("enrollment", .pass, "group \(group.id) holds \(element.subject)")
                    if !passed.isEmpty {
                        // Nobody can see from here whether a group nearer to the leaf was deleted to shut devices out (M27).
                        note("nearer groups", .pass, "none holds \(passed.joined(separator: ", "))")
                    }
                    return .proved(group)
                }
            }
            passed.append(element.subject)
        }
        guard !isUnknown else {
            note("enrollment", .notChecked, "a group's certificate is shown neither as text nor by thumbprint")
            return .decided(cannotVerify("keys not shown: the certificates of a group"))
        }
        note("enrollment", .fail, "no group holds a certificate of the chain")
        return .decided(unauthorized())
    }

    /// Whether a group names this certificate, directly or by a CA reference.
    private func holds(
        _ group: Enrollment,
        _ certificate: KnownCertificate,
        _ registry: Registry
    ) -> EnrollmentCertificates.Entry.Comparison {
        guard case .x509(let certificates) = group.attestation else { return .different }
        let referred = registry.certificates.filter { certificates.caReferences.contains($0.name) }.map(\.entry)
        let comparisons = (certificates.signing + referred).map { $0.compare(certificate) }
        if comparisons.contains(.same) { return .same }
        return comparisons.contains(.unknown) ? .unknown : .different
    }

    /// The refusal that a walk's end or a rule on its way gives, if any.
    private mutating func refuse(_ walk: ChainWalk) -> Verdict? {
        switch walk.end {
        case .verified(let name): note("chain", .pass, "\(walk.path.count) certificates up to the verified CA \(name)")
        case .unverified(let name):
            findings.x509 = .unverified(name)
            note("chain", .fail, "ends at CA \(name), which is not verified")
            return unauthorized("Invalid certificate")
        case .foreignRoot:
            findings.x509 = walk.path.count > 1 ? .unverified("the presented root") : .issuerUnknown
            note("chain", .fail, "ends at a self-signed certificate that DPS does not hold")
            return unauthorized(walk.path.count > 1 ? "Invalid certificate" : "CA certificate not found.")
        case .issuerUnknown:
            findings.x509 = .issuerUnknown
            note(
                "chain",
                .fail,
                "the issuer of \(walk.path.last?.subject ?? "the leaf") is neither presented nor in DPS"
            )
            return unauthorized("CA certificate not found.")
        case .unreadable(let reason):
            note("chain", .notChecked, reason)
            return cannotVerify("the chain cannot be judged: \(reason)")
        }
        let complaints = walk.judge(at: now)
        for complaint in complaints where complaint.kind == .policy {
            note("own policy", .fail, "\(complaint.text); DPS is not known to refuse for this")
        }
        let broken = complaints.filter { $0.kind != .policy }
        guard let first = broken.first else {
            note("path rules", .pass, "validity, CA flags, path lengths, key usages and signatures hold")
            return nil
        }
        for complaint in broken { note("path rules", .fail, complaint.text) }
        findings.x509 = first.kind == .time ? .time(first.text) : .unsound(first.text)
        return unauthorized("Invalid certificate")
    }
}
