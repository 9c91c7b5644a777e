import AzureLogs

/// Decides whether a record belongs to the attempt before it.
///
/// Loops must stay visible: a second answer of the same kind is a second attempt, however soon it comes, unless
/// something says that both records are of one call.
enum AttemptMatcher {
    /// How a record joins.
    enum Match {
        case begins
        case joins(decides: Bool)
        /// The success after the challenge that every TPM registration begins with (HTTP 401; DPS, TPM attestation).
        case answersChallenge
    }

    static func match(
        _ open: Attempt,
        _ event: SweepEvent,
        _ facts: ContextFacts,
        isFirstFailure: Bool,
        snapshotAttestation: InternedText,
        _ configuration: CorrelationConfiguration
    ) -> Match {
        let decides = facts.outcome.weight > open.outcome.weight
        let sinceLast = event.time - open.last
        if event.correlation != 0, event.correlation == open.correlation {
            return open.outcome == .failed && facts.outcome.isSuccess && open.isUnauthorized
                ? .answersChallenge : .joins(decides: decides)
        }
        guard sinceLast <= configuration.attemptGap else { return .begins }
        if facts.outcome == .assigning || open.outcome == .assigning { return .joins(decides: decides) }
        if answersChallenge(open, facts, sinceLast, isFirstFailure, snapshotAttestation) { return .answersChallenge }
        if open.categories & facts.categoryBit == 0, areOneAnswer(open, facts) { return .joins(decides: decides) }
        if open.outcome == .accepted, facts.outcome == .accepted, open.categories == facts.categoryBit,
            event.time - open.started <= configuration.attemptGap, open.loggedHub == 0, facts.assignedHub == 0
        {
            return .joins(decides: false)
        }
        return .begins
    }

    /// Both categories tell of the same registration when both are switched on.
    private static func areOneAnswer(_ open: Attempt, _ facts: ContextFacts) -> Bool {
        switch (open.outcome, facts.outcome) {
        case (.accepted, .failed): !facts.isUnauthorized
        case (.failed, .accepted): !open.isUnauthorized
        case (.accepted, .assigned), (.assigned, .accepted), (.accepted, .disabled), (.disabled, .accepted): true
        case (let a, let b): a == b
        }
    }

    private static func answersChallenge(
        _ open: Attempt,
        _ facts: ContextFacts,
        _ sinceLast: Int64,
        _ isFirstFailure: Bool,
        _ snapshotAttestation: InternedText
    ) -> Bool {
        guard open.outcome == .failed, open.isUnauthorized, facts.outcome.isSuccess else { return false }
        let logged = facts.attestation.isEmpty ? open.attestation : facts.attestation
        let attestation = logged.isEmpty ? snapshotAttestation : logged
        if attestation == .tpm { return true }
        // Where no log says how the device attests, only an answer within seconds is taken for a challenge.
        return attestation.isEmpty && isFirstFailure && open.records == 1 && sinceLast <= 10_000_000
    }
}
