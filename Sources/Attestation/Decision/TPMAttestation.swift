/// TPM: individual enrollments only, the endorsement key must be the enrolled one, then a challenge, then a token.
extension DecisionRun {
    mutating func attestTPM(_ registry: Registry) -> Attested {
        guard request.transport != .mqtt else {
            note("transport", .fail, "TPM attestation does not exist over MQTT")
            return .decided(Verdict(.rejected, status: nil, message: "TPM attestation is not supported over MQTT."))
        }
        guard let individual = registry.individual(request.registrationID) else {
            note("enrollment", .fail, "no individual enrollment for this id; groups cannot hold TPMs")
            return .decided(rejected(404, 404_201, "Registration not found."))
        }
        enrollment = individual
        note("enrollment", .pass, "individual enrollment \(individual.id)")
        guard case .tpm(let enrolled) = individual.attestation else {
            return mismatch(individual, presented: "TPM keys")
        }
        note("attestation type", .pass, "TPM")
        guard let enrolled else {
            note("endorsement key", .notChecked, "the registry does not show it")
            return .decided(cannotVerify("keys not shown: the endorsement key of \(individual.id)"))
        }
        guard let expected = try? Base64Text.decode(enrolled, forgiving: .dotnet) else {
            note("endorsement key", .notChecked, "the enrolled key is not base64")
            return .decided(cannotVerify("the endorsement key of \(individual.id) in the registry is not base64"))
        }
        guard let text = request.tpm?.endorsementKey, let presented = try? Base64Text.decode(text, forgiving: .dotnet)
        else {
            note("endorsement key", .fail, "the request has none, or it is not base64")
            return .decided(rejected(400, nil, "Bad Request"))
        }
        guard expected == presented else {
            findings.endorsementKeyDiffers = true
            note("endorsement key", .fail, "the presented key is not the enrolled one")
            return .decided(rejected(401, 401_002, "Unauthorized"))
        }
        note("endorsement key", .pass, "the presented key is the enrolled one")
        if let refusal = checkStorageKey(individual) { return .decided(refusal) }
        guard let token = request.authorization else { return .decided(challenge(individual)) }
        return answer(token, individual)
    }

    /// An enrolled storage root key must match too; most enrollments hold none.
    private mutating func checkStorageKey(_ individual: Enrollment) -> Verdict? {
        guard let enrolled = individual.document["attestation"]?["tpm"]?["storageRootKey"]?.text,
            let expected = try? Base64Text.decode(enrolled, forgiving: .dotnet)
        else { return nil }
        guard let text = request.tpm?.storageRootKey, let presented = try? Base64Text.decode(text, forgiving: .dotnet)
        else { return nil }
        // The documentation does not say that DPS compares it, so a difference is said and refuses nothing.
        let isSame = expected == presented
        note("storage root key", isSame ? .pass : .notChecked, isSame ? "as enrolled" : "differs from the enrolled one")
        return nil
    }

    /// The 401 with a fresh key for this TPM, or without it where no randomness was handed in.
    private mutating func challenge(_ individual: Enrollment) -> Verdict {
        var verdict = Verdict(.challenge, status: 401, message: ResponseMaker.challengeMessage)
        verdict.enrollment = .init(kind: individual.kind, id: individual.id)
        let randomness = expandedRandomness("challenge")
        do {
            let made = try TPMChallenge.make(
                endorsementKey: request.tpm?.endorsementKey ?? "",
                storageRootKey: request.tpm?.storageRootKey ?? "",
                idScope: request.idScope,
                registrationId: request.registrationID,
                randomness: randomness ?? [UInt8](repeating: 0, count: TPMChallenge.randomByteCount)
            )
            guard randomness != nil else {
                note("challenge", .notChecked, "no randomness was handed in: the answer has no key")
                verdict.response = responses.challenge(authenticationKey: nil)
                return verdict
            }
            note("challenge", .pass, "a fresh key for this TPM")
            verdict.tpmSession = made.session
            verdict.response = responses.challenge(authenticationKey: Base64Text.encode(made.authenticationKey))
            return verdict
        } catch {
            note("challenge", .fail, error.description)
            return rejected(400, nil, "Bad Request")
        }
    }

    /// Judges a token with the session of the challenge.
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

    /// The hub's key for the device, wrapped for its TPM; empty where randomness or the storage root key is missing.
    func hubKey() -> JSONValue {
        guard let randomness = expandedRandomness("hub key"),
            let made = try? TPMChallenge.make(
                endorsementKey: request.tpm?.endorsementKey ?? "",
                storageRootKey: request.tpm?.storageRootKey ?? "",
                idScope: request.idScope,
                registrationId: request.registrationID,
                randomness: randomness
            )
        else { return [:] }
        return ["authenticationKey": .string(Base64Text.encode(made.authenticationKey))]
    }

    /// The 208 bytes of a challenge from the randomness handed in, which must hold 32 bytes at least.
    private func expandedRandomness(_ purpose: String) -> [UInt8]? {
        guard circumstances.randomness.count >= 32 else { return nil }
        let source = SecretBytes(circumstances.randomness)
        let blocks = (0..<7).flatMap { source.hmacSHA256("\(purpose) \($0)".utf8) }
        return Array(blocks.prefix(TPMChallenge.randomByteCount))
    }
}
