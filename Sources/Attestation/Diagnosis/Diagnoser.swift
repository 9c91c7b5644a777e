import Basics

/// Names the mistakes that explain a verdict, best first.
struct Diagnoser {
    let run: DecisionRun
    let verdict: Verdict

    /// The most names beside the id itself that are tried as what a key was derived from.
    static let mostNames = 500
    /// The most keys that a search starts from.
    static let mostSources = 600

    func diagnose() -> [Diagnosis] {
        var list: [Diagnosis] = []
        list += beforeProof()
        let tokens = token()
        list += tokens
        list += X509Diagnosis.diagnose(self)
        list += afterProof(isExplained: tokens.contains { $0.confidence == .certain })
        list += SpellingDiagnosis.diagnose(self)
        var seen: Set<String> = []
        return list.enumerated().sorted { ($0.element.confidence, $0.offset) < ($1.element.confidence, $1.offset) }
            .map(\.element).filter { seen.insert($0.mistake).inserted }
    }

    func make(_ mistakes: [Mistake], _ confidence: Diagnosis.Confidence, compared: String) -> Diagnosis {
        Diagnosis(
            mistake: mistakes.map(\.name).joined(separator: "+"),
            confidence: confidence,
            explanation: mistakes.map(\.explanation).joined(separator: " "),
            fix: mistakes.map(\.fix).joined(separator: " "),
            compared: compared
        )
    }

    // MARK: - Scope, id, rate

    private func beforeProof() -> [Diagnosis] {
        var list: [Diagnosis] = []
        let request = run.request
        if run.findings.scopeIsUnknown { list += scope() }
        if run.findings.idComplaint != nil {
            let id = Array(request.registrationID.unicodeScalars)
            func isStray(_ scalar: Unicode.Scalar) -> Bool {
                scalar.properties.isWhitespace || "\"'\u{FEFF}".unicodeScalars.contains(scalar)
            }
            // Around the id alone: what stands inside it is no line end that a shell left there.
            let bare = id.drop(while: isStray).reversed().drop(while: isStray).reversed()
            let isAround = RegistrationID.complaint(String(String.UnicodeScalarView(bare))) == nil
            list.append(
                make(
                    [isAround ? .strayCharacters : .illegalID],
                    .certain,
                    compared: "the id as sent with the rules for ids: \(run.findings.idComplaint ?? "")"
                )
            )
        }
        let id = request.registrationID
        let isOld = APIVersion.refusesUpperCase(request.apiVersion)
        if isOld, id != ASCII.lowercased(id) || id.utf8.contains(0x2E) {
            let confidence: Diagnosis.Confidence = verdict.decision == .assigned ? .possible : .likely
            list.append(make([.oldVersionID], confidence, compared: "the api-version and the id's characters"))
        }
        if run.circumstances.isThrottled {
            list.append(make([.tooFast], .certain, compared: "the rate limit as it was said to be"))
        }
        return list
    }

    private func scope() -> [Diagnosis] {
        let request = run.request
        let known = run.registries.compactMap(\.idScope)
        if let near = known.first(where: { ASCII.lowercased($0) == ASCII.lowercased(request.idScope) }) {
            return [
                make(
                    [.scopeCase],
                    .likely,
                    compared: "the scope differs from \(near) only in case; DPS's rule is not known"
                )
            ]
        }
        if let holder = run.registries.first(where: { $0.individual(request.registrationID) != nil }) {
            let compared = "the id is enrolled in instance \(holder.idScope ?? "without scope")"
            return [make([.wrongScope], .certain, compared: compared)]
        }
        return [make([.wrongScope], .certain, compared: "the scope with those of \(known.count) known instance(s)")]
    }

    // MARK: - Enrollment, hub, twin

    private func afterProof(isExplained: Bool) -> [Diagnosis] {
        var list: [Diagnosis] = []
        let findings = run.findings
        func add(_ mistake: Mistake, _ confidence: Diagnosis.Confidence, _ compared: String) {
            list.append(make([mistake], confidence, compared: compared))
        }
        if verdict.decision == .disabled {
            if run.enrollment?.kind == .individual, hidesEnabledGroup {
                add(.disabledHidesGroup, .likely, "the individual enrollment with the enabled groups of its type")
            }
            add(.disabled, .certain, "the enrollment's provisioningStatus")
        } else if verdict.decision == .rejected, let enrollment = run.enrollment, !enrollment.isEnabled {
            add(.disabled, .likely, "the provisioningStatus of the enrollment, which would keep the device out as well")
        }
        if findings.typeMismatch {
            add(.otherType, .certain, "the enrollment's attestation type with what was presented")
        }
        if let key = findings.endorsementKey { list.append(endorsementKey(key)) }
        if let kind = findings.noEnrollmentOfKind, verdict.decision == .rejected, !isExplained, deviceIDOwner == nil {
            add(.noEnrollmentOfKind, .certain, "\(kind) with the types of the enrollments that could take it")
        }
        if let other = findings.enrolledUnder {
            add(.enrolledUnderOtherID, .certain, "the endorsement key with that of enrollment \(Shown.short(other))")
        }
        if let words = findings.sharedKey { add(.sharedEntry, .certain, words) }
        if let owner = deviceIDOwner {
            let id = "\(run.request.registrationID) is the device id of registration id \(owner)"
            add(.deviceIDSent, findings.deviceIDOf == nil ? .likely : .certain, Shown.short(id))
        }
        if run.request.tpm != nil, run.request.transport == .mqtt {
            add(.tpmOverMQTT, .certain, "the transport with the kind of proof")
        }
        if verdict.errorCode == 412_001 { add(.concurrent, .certain, "the circumstances that were handed in") }
        if verdict.decision == .failed {
            switch verdict.errorCode {
            case 400_207: add(.webhookFails, .certain, "the webhook's answer with what DPS takes")
            case 400_209 where findings.allocation?.steps.last?.step == "webhook":
                add(.webhookFails, .certain, "the webhook's answer 401 with what DPS takes")
            case 400_208: add(.noHub, .certain, "the hubs of the enrollment with the linked ones")
            default: add(.hubUnusable, .certain, "the hub's state as it was said to be")
            }
        }
        if let enrollment = run.enrollment, let registry = run.registry, findings.allocation?.undecided != nil,
            Allocator.policy(registry, enrollment) == "custom", enrollment.webhook == nil
        {
            add(.webhookMissing, .certain, "the allocation policy with the enrollment's customAllocationDefinition")
        }
        if verdict.decision == .assigned { list += afterAssignment() }
        return list
    }

    private func endorsementKey(_ key: TPMKeyComparison) -> Diagnosis {
        switch key.kind {
        case .cutOff: make([.endorsementKeyCutOff], .certain, compared: key.words)
        case .otherTemplate: make([.endorsementKeyTemplate], .likely, compared: key.words)
        case .otherForm: make([.endorsementKeyForm], .certain, compared: key.words)
        case .otherKey: make([.otherTPM], .certain, compared: "the presented endorsement key with the enrolled one")
        case .same, .unknown: make([.otherTPM], .possible, compared: key.words)
        }
    }

    /// The registration id whose device id was sent in its place, where nothing else holds of the request.
    private var deviceIDOwner: String? {
        if let owner = run.findings.deviceIDOf { return owner }
        guard verdict.decision == .rejected, run.enrollment == nil, let registry = run.registry else { return nil }
        return registry.owner(ofDevice: run.request.registrationID)
    }

    private var hidesEnabledGroup: Bool {
        guard let registry = run.registry, let enrollment = run.enrollment else { return false }
        return registry.groups.contains { $0.isEnabled && $0.attestation.word == enrollment.attestation.word }
    }

    private func afterAssignment() -> [Diagnosis] {
        guard let registry = run.registry, let enrollment = run.enrollment,
            let record = registry.registration(run.request.registrationID), let hub = record.assignedHub
        else { return [] }
        var list: [Diagnosis] = []
        let offered = enrollment.hubs ?? registry.hubs.filter(\.takesPartInAllocation).map(\.name)
        let isOffered = offered.contains { ASCII.lowercased($0) == ASCII.lowercased(hub) }
        if run.findings.policy == .never || run.findings.policy == .sticky, !isOffered, !offered.isEmpty {
            list.append(make([.neverMoves], .likely, compared: "the recorded hub with those the enrollment offers"))
        }
        if verdict.twin == Reprovisioner.Twin.kept.rawValue, enrollment.initialTwin != nil,
            let changed = enrollment.lastUpdated, let registered = record.lastUpdated, registered < changed
        {
            list.append(make([.twinUnchanged], .possible, compared: "the enrollment's last change with the record's"))
        }
        return list
    }
}
