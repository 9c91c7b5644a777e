import Basics

/// TPM: individual enrollments only, the endorsement key must be the enrolled one, then a challenge, then a token.
///
/// DPS documentation, TPM attestation; the two-step exchange is what the device SDKs do.
extension DecisionRun {
    mutating func attestTPM(_ registry: Registry) -> Attested {
        guard request.transport != .mqtt else {
            note("transport", .fail, "TPM attestation does not exist over MQTT")
            return .decided(Verdict(.rejected, status: nil, message: "TPM attestation is not supported over MQTT."))
        }
        guard let individual = registry.individual(request.registrationID) else {
            note("enrollment", .fail, "no individual enrollment for this id; groups cannot hold TPMs")
            noteOtherEnrollment(registry)
            if findings.enrolledUnder == nil { findings.noEnrollmentOfKind = "a TPM" }
            return .decided(rejected(404, 404_201, "Registration not found."))
        }
        found(individual)
        guard case .tpm(let enrolled) = individual.attestation else {
            return mismatch(individual, presented: "TPM keys")
        }
        note("attestation type", .pass, "TPM")
        if let decided = checkEndorsementKey(enrolled, individual) { return .decided(decided) }
        noteStorageKey(individual)
        guard let token = request.authorization else { return .decided(challenge(individual)) }
        return answer(token, individual)
    }

    /// Whether the presented endorsement key is the enrolled one, byte for byte; nil if it is.
    private mutating func checkEndorsementKey(_ enrolled: String?, _ individual: Enrollment) -> Verdict? {
        guard let enrolled else {
            note("endorsement key", .notChecked, "the registry does not show it")
            return cannotVerify("keys not shown: the endorsement key of \(individual.id)")
        }
        guard let expected = decoded(enrolled) else {
            note("endorsement key", .notChecked, "the enrolled key is not base64")
            return cannotVerify("the endorsement key of \(individual.id) in the registry is not base64")
        }
        guard let presented = decoded(request.tpm?.endorsementKey) else {
            note("endorsement key", .fail, "the request has none, or it is not base64")
            return rejected(400, nil, "Bad Request")
        }
        let comparison = TPMKeyComparison(
            enrolled: expected,
            presented: presented,
            storageRootKey: decoded(request.tpm?.storageRootKey)
        )
        guard expected == presented else {
            findings.endorsementKey = comparison
            note("endorsement key", .fail, comparison.words)
            return rejected(401, 401_002, "Unauthorized")
        }
        note("endorsement key", .pass, comparison.words)
        return nil
    }

    /// An enrolled storage root key is compared, but refuses nothing: the documentation does not say that DPS compares it.
    private mutating func noteStorageKey(_ individual: Enrollment) {
        guard let expected = decoded(individual.document["attestation"]?["tpm"]?["storageRootKey"]?.text),
            let presented = decoded(request.tpm?.storageRootKey)
        else { return }
        let isSame = expected == presented
        note(
            "storage root key",
            isSame ? .pass : .notChecked,
            isSame ? "as enrolled" : "differs from the enrolled one; whether DPS compares it is not known"
        )
    }

    /// For a TPM under an unknown id: whether its key is enrolled under another one, and which id the SDKs would derive.
    private mutating func noteOtherEnrollment(_ registry: Registry) {
        guard let presented = decoded(request.tpm?.endorsementKey), !presented.isEmpty else { return }
        let others = registry.individuals.values.filter {
            guard case .tpm(let enrolled) = $0.attestation else { return false }
            return decoded(enrolled) == presented
        }
        if let other = others.map(\.id).min() {
            findings.enrolledUnder = other
            note("endorsement key", .notChecked, "this endorsement key is enrolled under the id \(Shown.short(other))")
        }
        guard let key = try? TPMPublicKey(wire: presented, called: "endorsement key") else { return }
        let derived = TPMRegistrationID.derived(from: key)
        let isDerived = ASCII.lowercased(request.registrationID) == derived
        let detail = isDerived ? "the id is the one that SDKs derive from this key" : "SDKs derive the id \(derived)"
        note("registration id of the TPM", .notChecked, detail)
    }

    /// The 401 with a fresh key for this TPM, or without it where no randomness was handed in.
    private mutating func challenge(_ individual: Enrollment) -> Verdict {
        let endorsement = request.tpm?.endorsementKey ?? ""
        let storage = request.tpm?.storageRootKey ?? ""
        var verdict = Verdict(.challenge, status: 401, message: ResponseMaker.challengeMessage)
        verdict.enrollment = .init(kind: individual.kind, id: individual.id)
        do {
            _ = try TPMChallenge.keys(endorsementKey: endorsement, storageRootKey: storage)
            guard let randomness = expandedRandomness("challenge") else {
                note("challenge", .notChecked, "no randomness was handed in: the answer has no key")
                verdict.response = responses.challenge(authenticationKey: nil)
                return verdict
            }
            let made = try TPMChallenge.make(
                endorsementKey: endorsement,
                storageRootKey: storage,
                idScope: request.idScope,
                registrationId: request.registrationID,
                randomness: randomness
            )
            note("challenge", .pass, "a fresh key for this TPM")
            verdict.tpmSession = made.session
            verdict.response = responses.challenge(authenticationKey: Base64Text.encode(made.authenticationKey))
            return verdict
        } catch .untrusted(let key, let problem) {
            // A rule of ours alone: DPS may well challenge such a key.
            note("challenge", .notChecked, "the \(key) may not belong to a TPM: \(problem)")
            return cannotVerify("\(problem) (\(key)); whether DPS challenges such a key is not known")
        } catch {
            note("challenge", .fail, error.description)
            findings.endorsementKey = decoded(request.tpm?.endorsementKey).flatMap { TPMKeyComparison(useless: $0) }
            return rejected(400, nil, "Bad Request")
        }
    }

    /// Judges a token with the session of the challenge; the request may come without the TPM keys.
    mutating func answer(_ token: String, _ individual: Enrollment) -> Attested {
        guard let session = circumstances.tpmSession, session.belongs(to: request.idScope, request.registrationID)
        else {
            note("token signature", .notChecked, "the key of the challenge is not known here")
            return .decided(cannotVerify("keys not shown: the key that the challenge to this TPM carried"))
        }
        let sas = session.verify(token: token, now: now)
        steps += sas.steps
        guard sas.isAccepted else {
            findings.token = try? SASToken(token)
            findings.sas = sas
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        return .proved(individual)
    }

    /// The hub's key for the device, wrapped for the TPM that proved itself; empty where keys or randomness are missing.
    ///
    /// The keys are those of the challenge, if they are known: a token proves nothing about others that come with it.
    func hubKey() -> JSONValue {
        func first(_ kept: String?, _ presented: String?) -> String {
            if let kept, !kept.isEmpty { return kept }
            return presented ?? ""
        }
        guard let randomness = expandedRandomness("hub key"),
            let made = try? TPMChallenge.make(
                endorsementKey: first(circumstances.tpmSession?.endorsementKey, request.tpm?.endorsementKey),
                storageRootKey: first(circumstances.tpmSession?.storageRootKey, request.tpm?.storageRootKey),
                idScope: request.idScope,
                registrationId: request.registrationID,
                randomness: randomness
            )
        else { return [:] }
        return ["authenticationKey": .string(Base64Text.encode(made.authenticationKey))]
    }

    private func decoded(_ text: String?) -> [UInt8]? {
        text.flatMap { try? Base64Text.decode($0, forgiving: .dotnet) }
    }

    /// The 208 bytes of a challenge from the randomness handed in, which must hold 32 bytes at least.
    ///
    /// Each purpose, id and pair of keys has its own bytes, so that a batch's randomness never makes one key for two devices.
    private func expandedRandomness(_ purpose: String) -> [UInt8]? {
        guard circumstances.randomness.count >= 32 else { return nil }
        let source = SecretBytes(circumstances.randomness)
        let keys = "\(request.tpm?.endorsementKey ?? "")\n\(request.tpm?.storageRootKey ?? "")"
        let context = "\(purpose)\n\(request.idScope)\n\(ASCII.lowercased(request.registrationID))\n\(keys)"
        let blocks = (0..<7).flatMap { source.hmacSHA256("\($0)\n\(context)".utf8) }
        return Array(blocks.prefix(TPMChallenge.randomByteCount))
    }
}
