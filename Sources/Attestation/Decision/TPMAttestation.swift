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
        return .decided(cannotVerify("TPM tokens are not judged yet"))
    }

    /// The hub's key for the device, wrapped for its TPM.
    func hubKey() -> JSONValue { [:] }
}
