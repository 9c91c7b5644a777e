/// One decision on its way: the steps so far and what the diagnosis will need.
struct DecisionRun {
    let registries: [Registry]
    let request: AttestationRequest
    let now: UnixTime
    let circumstances: Circumstances
    let responses: ResponseMaker

    var steps: [CheckStep] = []
    /// The instance that the scope names.
    var registry: Registry?
    /// The enrollment that decides, once found.
    var enrollment: Enrollment?
    /// What went wrong, for the diagnosis.
    var findings = Findings()

    /// What the checks found out beside their steps.
    struct Findings {
        var scopeIsUnknown = false
        var idComplaint: String?
        var typeMismatch = false
        var token: SASToken?
        var tokenFault: SASToken.Fault?
        var sas: SASVerdict?
        var endorsementKey: TPMKeyComparison?
        var x509: [X509Finding] = []
        /// The registration id whose device id was sent in its place.
        var deviceIDOf: String?
        /// The registration id under which the device's endorsement key is enrolled, where that is another one.
        var enrolledUnder: String?
        /// What kind of proof no enrollment of the instance takes.
        var noEnrollmentOfKind: String?
        /// Where one key stands in several entries.
        var sharedKey: String?
        var policy: Reprovisioner.Policy?
        var allocation: Allocation?
    }

    init(registries: [Registry], request: AttestationRequest, now: UnixTime, circumstances: Circumstances) {
        self.registries = registries
        self.request = request
        self.now = now
        self.circumstances = circumstances
        responses = ResponseMaker(request: request, at: now, randomness: circumstances.randomness)
    }

    /// What an attestation came to.
    enum Attested {
        /// The device proved itself to this enrollment.
        case proved(Enrollment)
        /// The decision is made.
        case decided(Verdict)
    }

    /// The target that a token must cover.
    var audience: String { "\(request.idScope)/registrations/\(request.registrationID)" }

    mutating func verdict() -> Verdict {
        var verdict = decide()
        verdict.steps = steps
        if verdict.enrollment == nil {
            verdict.enrollment = enrollment.map { .init(kind: $0.kind, id: $0.id) }
        }
        return verdict
    }

    private mutating func decide() -> Verdict {
        if let early = checkRoute() ?? checkScope() ?? checkIdentity() ?? checkRate() { return early }
        guard let registry else {
            return cannotVerify("no registry was given")
        }
        let attested: Attested
        switch credential() {
        case .certificate: attested = attestCertificate(registry)
        case .tpm: attested = attestTPM(registry)
        case .token(let text): attested = attestToken(text, registry)
        case .none:
            enrollment = registry.individual(request.registrationID)
            return rejected(401, 401_002, "Unauthorized")
        }
        switch attested {
        case .decided(let verdict): return verdict
        case .proved(let enrollment):
            self.enrollment = enrollment
            return settle(registry, enrollment)
        }
    }

    /// What the device offers as proof.
    private enum Credential {
        case certificate
        case tpm
        case token(String)
        case none
    }

    private mutating func credential() -> Credential {
        if !request.clientCertificateChain.isEmpty {
            let also =
                request.authorization == nil ? "" : "; the token beside it is left out, mixed cases are not documented"
            note("credential", .pass, "\(request.clientCertificateChain.count) client certificate(s)\(also)")
            return .certificate
        }
        if request.tpm != nil {
            note("credential", .pass, "TPM keys" + (request.authorization == nil ? "" : " and a token"))
            return .tpm
        }
        if let token = request.authorization {
            note("credential", .pass, "a shared access signature")
            return .token(token)
        }
        note("credential", .fail, "neither certificate, TPM keys nor token")
        return .none
    }

    // MARK: - Helpers for all stages

    mutating func note(_ step: String, _ result: CheckStep.Result, _ detail: String) {
        steps.append(CheckStep(step, result, detail))
    }

    func rejected(_ status: Int, _ code: Int?, _ message: String, headers: [String: JSONValue] = [:]) -> Verdict {
        var verdict = Verdict(.rejected, status: status, code: code, message: message)
        verdict.response = responses.error(status, code: code, message: message, headers: headers)
        return verdict
    }

    func cannotVerify(_ reason: String) -> Verdict {
        Verdict(.cannotVerify, status: nil, message: reason)
    }
}
