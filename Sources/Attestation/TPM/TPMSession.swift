/// What the service remembers between a challenge and the token that answers it.
public struct TPMSession: Sendable {
    /// The scope the challenge was made for.
    public let idScope: String
    /// The registration id the challenge was made for.
    public let registrationId: String
    /// The key that the TPM imported.
    public let key: SecretBytes

    /// A session from what was kept.
    public init(idScope: String, registrationId: String, key: SecretBytes) {
        self.idScope = idScope
        self.registrationId = registrationId
        self.key = key
    }

    /// Whether this session is the one of a request.
    public func belongs(to idScope: String, _ registrationId: String) -> Bool {
        self.idScope == idScope && asciiLowercased(self.registrationId) == asciiLowercased(registrationId)
    }

    /// Checks the token that the device signed in its TPM.
    ///
    /// The audience must name the scope and the id in full, case aside: a shorter one, which the service's general rule for
    /// prefixes would take, is refused here, because every device SDK sends the full one.
    public func verify(token text: String, now: UnixTime) -> SASVerdict {
        let audience = "\(idScope)/registrations/\(registrationId)"
        let keys = SASKeys(only: key, name: "challenge's")
        let verdict = SASVerifier.verify(token: text, keys: keys, audience: audience, now: now)
        guard verdict.isAccepted, let token = try? SASToken(text),
            asciiLowercased(token.audience) != asciiLowercased(audience)
        else { return verdict }
        let step = CheckStep("token audience", .fail, "sr does not name the scope and the registration id in full")
        return SASVerdict(
            outcome: .wrongAudience,
            signingKey: verdict.signingKey,
            steps: verdict.steps.filter { $0.step != "token audience" } + [step]
        )
    }
}
