/// Symmetric keys: an individual enrollment decides alone, else every group is tried.
extension DecisionRun {
    mutating func attestToken(_ text: String, _ registry: Registry) -> Attested {
        let individual = registry.individual(request.registrationID)
        if let individual {
            enrollment = individual
            note("enrollment", .pass, "individual enrollment \(individual.id)")
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
        case .accepted: return .proved(individual)
        case .keysNotShown: return .decided(cannotVerify("keys not shown: \(individual.id): \(keys.missing)"))
        case .malformed, .expired, .wrongAudience, .badSignature:
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
    }

    /// The device does not name its group, so the first group whose derived key fits is the one.
    private mutating func attestGroup(_ token: SASToken, _ registry: Registry) -> Attested {
        note("enrollment", .pass, "no individual enrollment for this id: groups are tried")
        var hidden: [String] = []
        var tried = 0
        var winner: (group: Enrollment, key: String)?
        for group in registry.groups {
            guard case .symmetricKey(let keys) = group.attestation else { continue }
            tried += 1
            let derived = keys.keys.derived(for: request.registrationID)
            if let key = SASVerifier.signingKey(of: token, among: derived) {
                winner = (group, key)
                break
            }
            if !keys.keys.isComplete { hidden.append(group.id) }
        }
        // Form, expiry and audience do not depend on the group: checked once, against no key at all.
        let bare = SASVerifier.verify(
            token: token,
            keys: SASKeys(primary: nil, secondary: nil),
            audience: audience,
            now: now
        )
        steps += bare.steps.filter { $0.step != "token signature" }
        let expired = bare.outcome == .expired
        let wrongAudience = bare.outcome == .wrongAudience
        if let winner {
            enrollment = winner.group
            note("token signature", .pass, "made with the key derived from group \(winner.group.id), \(winner.key)")
            guard expired || wrongAudience else {
                findings.sas = SASVerdict(outcome: .accepted(key: winner.key), signingKey: winner.key, steps: [])
                return .proved(winner.group)
            }
            findings.sas = SASVerdict(outcome: bare.outcome, signingKey: winner.key, steps: [])
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        if expired || wrongAudience {
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

    private func signatureDetail(_ tried: Int, _ hidden: [String]) -> String {
        if tried == 0 { return "there is no symmetric-key group" }
        let base = "fits the derived key of none of \(tried) group(s)"
        if hidden.isEmpty { return base }
        return "\(base); keys not shown: \(hidden.prefix(20).joined(separator: ", "))"
    }
}
