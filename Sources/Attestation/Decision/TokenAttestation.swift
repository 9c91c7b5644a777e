/// Symmetric keys: an individual enrollment decides alone, else every group is tried.
extension DecisionRun {
    mutating func attestToken(_ text: String, _ registry: Registry) -> Attested {
        let individual = registry.individual(request.registrationID)
        if let individual {
            found(individual)
            if case .tpm = individual.attestation, !isSignedWithKnownKey(text, registry) {
                // Some TPM clients send the token that answers a challenge without their TPM keys.
                return answer(text, individual)
            }
            guard case .symmetricKey = individual.attestation else {
                return mismatch(individual, presented: "a shared access signature")
            }
        }
        let token: SASToken
        do {
            token = try SASToken(text)
        } catch {
            findings.tokenFault = error
            note("token form", .fail, error.description)
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        findings.token = token
        if let individual, case .symmetricKey(let keys) = individual.attestation {
            return attestIndividual(token, individual, keys)
        }
        return attestGroup(token, registry)
    }

    /// Whether a symmetric-key group's derived key made the token, so that it cannot be a TPM's.
    private func isSignedWithKnownKey(_ text: String, _ registry: Registry) -> Bool {
        guard let token = try? SASToken(text) else { return false }
        return registry.groups.contains { group in
            guard case .symmetricKey(let keys) = group.attestation else { return false }
            return SASVerifier.signingKey(of: token, among: keys.keys.derived(for: request.registrationID)) != nil
        }
    }

    /// An enrollment for the id exists, but for another kind of proof; there is no falling through to a group.
    mutating func mismatch(_ enrollment: Enrollment, presented: String) -> Attested {
        if case .unknown(let word) = enrollment.attestation {
            note("attestation type", .notChecked, "the enrollment's type is \(word)")
            return .decided(cannotVerify("the attestation type of enrollment \(enrollment.id) is not known: \(word)"))
        }
        findings.typeMismatch = true
        note(
            "attestation type",
            .fail,
            "the enrollment wants \(enrollment.attestation.word), the device has \(presented)"
        )
        return .decided(rejected(401, 401_002, "Unauthorized"))
    }

    private mutating func attestIndividual(
        _ token: SASToken,
        _ individual: Enrollment,
        _ keys: EnrollmentKeys
    ) -> Attested {
        note("attestation type", .pass, "symmetric key")
        let sas = SASVerifier.verify(token: token, keys: keys.keys, audience: audience, now: now)
        findings.sas = sas
        steps += sas.steps
        switch sas.outcome {
        case .accepted:
            noteSharedKey(individual, keys)
            return .proved(individual)
        case .keysNotShown: return .decided(cannotVerify("keys not shown: \(individual.id): \(keys.missing)"))
        case .malformed, .expired, .wrongAudience, .badSignature:
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
    }

    /// Says which other entries hold a key of this individual enrollment; DPS is not known to mind.
    ///
    /// Looked at are the groups, and the individual enrollments where they are 2,000 at most.
    private mutating func noteSharedKey(_ individual: Enrollment, _ keys: EnrollmentKeys) {
        guard let registry else { return }
        let others = registry.groups + (registry.individuals.count > 2_000 ? [] : Array(registry.individuals.values))
        let sharing = others.filter { other in
            guard other.id != individual.id || other.kind != individual.kind,
                case .symmetricKey(let theirs) = other.attestation
            else { return false }
            return theirs.keys.candidates.contains { their in
                keys.keys.candidates.contains { $0.key.matches(their.key) }
            }
        }
        noteShared([individual] + sharing.sorted { ($0.kind.rawValue, $0.id) < ($1.kind.rawValue, $1.id) })
    }

    private mutating func noteShared(_ entries: [Enrollment]) {
        guard entries.count > 1 else { return }
        let names = entries.prefix(20).map(Self.named).joined(separator: ", ")
        note("one entry", .notChecked, "one key stands in \(names)")
        findings.sharedKey = "one key stands in \(names)"
    }

    /// The device does not name its group, so every group whose derived key fits is found; one alone should.
    private mutating func attestGroup(_ token: SASToken, _ registry: Registry) -> Attested {
        note("enrollment", .pass, "no individual enrollment for this id: groups are tried")
        var hidden: [String] = []
        var tried = 0
        var fitting: [(group: Enrollment, key: String)] = []
        for group in registry.groups {
            guard case .symmetricKey(let keys) = group.attestation else { continue }
            tried += 1
            let derived = keys.keys.derived(for: request.registrationID)
            if let key = SASVerifier.signingKey(of: token, among: derived) {
                fitting.append((group, key))
            } else if !keys.keys.isComplete {
                hidden.append(group.id)
            }
        }
        let mayBeOther = registry.groups.contains { if case .unknown = $0.attestation { true } else { false } }
        if tried == 0, !mayBeOther { findings.noEnrollmentOfKind = "a token" }
        // Form, expiry and audience do not depend on the group: checked once, against no key at all.
        let bare = SASVerifier.verify(
            token: token,
            keys: SASKeys(primary: nil, secondary: nil),
            audience: audience,
            now: now
        )
        steps += bare.steps.filter { $0.step != "token signature" }
        let isRefused = bare.outcome == .expired || bare.outcome == .wrongAudience
        fitting.sort { $0.group.id < $1.group.id }
        if let first = fitting.first {
            return settleKey(fitting, first, isRefused ? bare.outcome : nil)
        }
        if isRefused {
            note("token signature", hidden.isEmpty ? .fail : .notChecked, signatureDetail(tried, hidden))
            findings.sas = SASVerdict(outcome: bare.outcome, signingKey: nil, steps: [])
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        guard hidden.isEmpty else {
            note("token signature", .notChecked, signatureDetail(tried, hidden))
            findings.sas = SASVerdict(outcome: .keysNotShown, signingKey: nil, steps: [])
            return .decided(cannotVerify("keys not shown: \(hidden.prefix(20).joined(separator: ", "))"))
        }
        note("token signature", .fail, signatureDetail(tried, hidden))
        findings.sas = SASVerdict(outcome: .badSignature, signingKey: nil, steps: [])
        return .decided(rejected(401, 401_002, "Unauthorized"))
    }

    /// What follows where the derived key of one group fits, or of several that hold the same key.
    ///
    /// Which of several DPS takes is not known. That matters where one of them is disabled; then nothing is decided.
    private mutating func settleKey(
        _ fitting: [(group: Enrollment, key: String)],
        _ first: (group: Enrollment, key: String),
        _ refusal: SASVerdict.Outcome?
    ) -> Attested {
        enrollment = first.group
        note("token signature", .pass, "made with the key derived from group \(first.group.id), \(first.key)")
        noteShared(fitting.map(\.group))
        if let refusal {
            findings.sas = SASVerdict(outcome: refusal, signingKey: first.key, steps: [])
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        findings.sas = SASVerdict(outcome: .accepted(key: first.key), signingKey: first.key, steps: [])
        let isOpen = fitting.contains { $0.group.isEnabled }
        guard isOpen, let shut = fitting.first(where: { !$0.group.isEnabled })?.group else {
            return .proved(first.group)
        }
        note(
            "disabled entry",
            .notChecked,
            "\(Self.named(shut)) has the same key; whether it shuts the device out is not known"
        )
        let names = fitting.map { Self.named($0.group) }.joined(separator: ", ")
        return .decided(cannotVerify("one key stands in \(names), and which of them DPS takes is not known"))
    }

    private func signatureDetail(_ tried: Int, _ hidden: [String]) -> String {
        if tried == 0 { return "there is no symmetric-key group" }
        let base = "fits the derived key of none of \(tried) group(s)"
        if hidden.isEmpty { return base }
        return "\(base); keys not shown: \(hidden.prefix(20).joined(separator: ", "))"
    }
}
