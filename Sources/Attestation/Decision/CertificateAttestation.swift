import Basics

/// X.509: the individual enrollment pins the leaf, else the first group on the way up decides.
///
/// Source: DPS documentation, X.509 attestation concepts; the messages are those seen live.
extension DecisionRun {
    mutating func attestCertificate(_ registry: Registry) -> Attested {
        var presented: [KnownCertificate] = []
        for (place, text) in request.clientCertificateChain.enumerated() {
            guard let read = KnownCertificate.read(text) else {
                let reason = "presented certificate \(place + 1) cannot be read: \(CertificateText.complaint(text))"
                note("certificate", .notChecked, reason)
                return .decided(cannotVerify(reason))
            }
            presented += read
        }
        guard let leaf = presented.first, leaf.content != nil, presented.count <= AttestationRequest.mostCertificates
        else {
            let fault = presented.first.map { $0.fault.isEmpty ? "too many certificates" : $0.fault } ?? "none"
            note("certificate", .notChecked, fault)
            return .decided(cannotVerify("the device certificate cannot be judged: \(fault)"))
        }
        note("certificate", .pass, "\(leaf.subject), \(presented.count) presented")
        if let decided = checkOrder(presented) ?? checkCommonName(leaf, registry) { return .decided(decided) }
        if let individual = registry.individual(request.registrationID) {
            found(individual)
            guard case .x509(let certificates) = individual.attestation else {
                return mismatch(individual, presented: "a certificate")
            }
            note("attestation type", .pass, "X.509")
            if certificates.client.isEmpty, !(certificates.caReferences.isEmpty && certificates.signing.isEmpty) {
                return attestByAuthority(presented, individual, certificates, registry)
            }
            return attestPinned(leaf, presented, individual, certificates, registry)
        }
        note("enrollment", .pass, "no individual enrollment for this id: groups are looked for on the way up")
        return attestThroughGroups(leaf, presented, registry)
    }

    /// Takes over the individual enrollment of the id, and says if it is disabled, whatever the proof comes to.
    mutating func found(_ individual: Enrollment) {
        enrollment = individual
        var words = "individual enrollment \(Shown.short(individual.id))"
        if individual.id != request.registrationID { words += ", spelled otherwise than the request" }
        if !individual.isEnabled { words += ", which is disabled" }
        note("enrollment", .pass, words)
    }

    func unauthorized(_ message: String = "Unauthorized") -> Verdict { rejected(401, 401_002, message) }

    // MARK: - The leaf

    /// The device's own certificate comes first (RFC 5246, 7.4.2); another one at the front is not taken for it.
    private mutating func checkOrder(_ presented: [KnownCertificate]) -> Verdict? {
        guard let first = presented.first, presented.count > 1 else { return nil }
        let id = request.registrationID
        let own = presented.indices.dropFirst().first { place in
            let other = presented[place]
            guard other.content != nil else { return false }
            // Named as the device is, which the first is not; or signed by the first, where that is a CA.
            return other.isNamed(id) && !first.isNamed(id)
                || first.isAuthority && other.isIssued(by: first) && !first.isIssued(by: other)
                    && (other.isNamed(id) || !first.isNamed(id) && !other.isAuthority)
        }
        guard let own else {
            if let step = CertificateOrder(presented).step, step.result == .notChecked { steps.append(step) }
            return nil
        }
        findings.x509.append(.leafNotFirst(place: own + 1))
        note("order", .fail, "certificate \(own + 1) is the device's own, and \(first.subject) stands first")
        return unauthorized()
    }

    private mutating func checkCommonName(_ leaf: KnownCertificate, _ registry: Registry) -> Verdict? {
        switch leaf.commonName {
        case .unreadable:
            note("common name", .notChecked, "its string cannot be read here")
            return cannotVerify(
                "the common name of the device certificate cannot be read: it is no text of a known kind"
            )
        case .missing, .text(""):
            findings.x509.append(.commonNameMissing)
            note("common name", .fail, "the certificate has none")
        case .text(let name):
            guard !leaf.isNamed(request.registrationID) else {
                let isSame = name == request.registrationID
                note(
                    "common name",
                    .pass,
                    isSame ? "equals the registration id" : "equals the registration id, case aside"
                )
                return nil
            }
            note("common name", .fail, "\(Shown.short(name)) is not the registration id")
            if leaf.isAuthority {
                findings.x509.append(.authorityAsLeaf)
            } else if let owner = registry.owner(ofDevice: request.registrationID),
                ASCII.lowercased(owner) == ASCII.lowercased(name)
            {
                findings.deviceIDOf = owner
            } else {
                findings.x509.append(.commonNameDiffers)
            }
        }
        return unauthorized()
    }

    // MARK: - Individual

    private mutating func attestPinned(
        _ leaf: KnownCertificate,
        _ presented: [KnownCertificate],
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry
    ) -> Attested {
        let comparisons = certificates.client.map { $0.compare(leaf) }
        guard comparisons.contains(.same) else {
            if comparisons.contains(.unknown) || comparisons.isEmpty {
                if let fault = certificates.client.compactMap(\.fault).first {
                    note("enrolled certificate", .notChecked, fault)
                    return .decided(cannotVerify("the certificate of \(individual.id) cannot be read: \(fault)"))
                }
                note("enrolled certificate", .notChecked, "the registry shows neither certificate nor thumbprint")
                return .decided(cannotVerify("keys not shown: the certificates of \(individual.id)"))
            }
            findings.x509.append(otherCertificate(leaf, presented, individual, certificates))
            note("enrolled certificate", .fail, "the leaf is none of the \(comparisons.count) enrolled")
            return .decided(unauthorized())
        }
        note(
            "enrolled certificate",
            .pass,
            "the leaf is the \(comparisons.first == .same ? "primary" : "secondary") one"
        )
        guard leaf.isValid(at: now) else {
            findings.x509.append(.time("the leaf's validity with \(now)"))
            note("validity", .fail, "the leaf is not valid at \(now)")
            return .decided(unauthorized("Invalid certificate"))
        }
        note("validity", .pass, "the leaf is valid at \(now)")
        let search = PathSearch(presented, authorities: registry.certificates, profile: DPSProfile(now: now))
        if !leaf.isSelfSigned, presented.count > 1 {
            if let anchor = search.valid.first?.anchor ?? search.broken?.anchor {
                note("chain", .pass, "reaches the verified CA \(anchor)")
            } else if let reason = search.undecided ?? registry.lacksAuthorities {
                note("chain", .notChecked, reason)
                return .decided(cannotVerify("the chain cannot be judged: \(reason)"))
            } else {
                findings.x509.append(.chainForIndividual)
                note("chain", .fail, "a chain was presented, and none of its CAs is verified in DPS")
                return .decided(unauthorized("Invalid certificate"))
            }
        } else {
            note("chain", .notChecked, "the leaf is pinned; a signer that is not presented is not asked for")
        }
        let above = search.valid.map(\.path) + [search.broken?.path ?? presented]
        return proved(individual, by: leaf, above: above, registry)
    }

    /// How the enrolled certificates stand to the leaf that is none of them.
    private func otherCertificate(
        _ leaf: KnownCertificate,
        _ presented: [KnownCertificate],
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates
    ) -> X509Finding {
        let isIssuer = certificates.client.contains { entry in
            if let own = entry.certificate { return leaf.isIssued(by: own) }
            return presented.dropFirst().contains { entry.compare($0) == .same }
        }
        if isIssuer { return .individualHoldsIssuer(individual.id) }
        let shown = certificates.client.compactMap(\.certificate).filter { $0.content != nil }
        if !shown.isEmpty, !shown.contains(where: { $0.isNamed(request.registrationID) }) {
            return .otherCertificate(.otherName(shown[0].subject))
        }
        let starts = shown.compactMap(\.notBefore) + certificates.client.compactMap(\.notBefore)
        guard let latest = starts.max(), let own = leaf.notBefore, latest != own else {
            return .otherCertificate(.unknown)
        }
        return .otherCertificate(latest < own ? .older : .newer)
    }

    /// An individual enrollment that names the CA its device's certificate comes from.
    private mutating func attestByAuthority(
        _ presented: [KnownCertificate],
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry
    ) -> Attested {
        if let missing = checkReferences(individual, certificates, registry) { return .decided(missing) }
        let search = PathSearch(presented, authorities: registry.certificates, profile: DPSProfile(now: now))
        if let decided = refuse(search, presented, registry) { return .decided(decided) }
        let named = search.valid.flatMap { $0.path.dropFirst() }.filter { registry.signs(individual, $0) == .same }
            .sorted { $0.sha256 < $1.sha256 }
        guard let authority = named.first else {
            note("enrolled certificate", .fail, "the chain does not pass the CA that the enrollment names")
            return .decided(unauthorized("Signing certificate info did not match chain elements"))
        }
        note("enrolled certificate", .pass, "the chain passes the named CA")
        return proved(individual, by: authority, above: search.valid.map(\.path), registry)
    }

    /// What is to be said where an enrollment names CAs of which the instance has none; nil if it has one.
    private mutating func checkReferences(
        _ individual: Enrollment,
        _ certificates: EnrollmentCertificates,
        _ registry: Registry
    ) -> Verdict? {
        let dangling = registry.danglingReferences(individual)
        guard let name = dangling.first, dangling.count == certificates.caReferences.count, certificates.signing.isEmpty
        else { return nil }
        let shown = Shown.short(name)
        guard registry.listed.contains("certificates") else {
            note("enrolled certificate", .notChecked, "the registry does not hold the CA that the enrollment names")
            return cannotVerify("the CA certificate \(shown) is not in the registry, which lists none")
        }
        findings.x509.append(.referenceNamesNothing(enrollment: individual.id, name: name, isOnlyCause: true))
        note("enrolled certificate", .fail, "the enrollment names the CA \(shown), which DPS does not hold")
        return unauthorized()
    }
}
