/// Decides as DPS would.
///
/// The order of the checks is that of docs/verifier.md. Everything that the decision rests on is handed in: the same
/// input gives the same verdict.
public enum Verifier {
    /// Decides about one request with what one instance knows.
    public static func decide(
        _ registry: Registry,
        _ request: AttestationRequest,
        at now: UnixTime,
        _ circumstances: Circumstances = Circumstances()
    ) -> Verdict {
        decide([registry], request, at: now, circumstances)
    }

    /// Decides about one request; the scope in the request chooses the instance.
    public static func decide(
        _ registries: [Registry],
        _ request: AttestationRequest,
        at now: UnixTime,
        _ circumstances: Circumstances = Circumstances()
    ) -> Verdict {
        var run = DecisionRun(registries: registries, request: request, now: now, circumstances: circumstances)
        var verdict = run.verdict()
        if circumstances.diagnoses {
            verdict.diagnosis = Diagnoser(run: run, verdict: verdict).diagnose()
        }
        return verdict
    }
}
