/// Judges what the device did after an attempt that DPS let in.
struct JourneyJudge: Sendable {
    let configuration: CorrelationConfiguration

    /// Judges an attempt.
    ///
    /// - Parameters:
    ///   - attempt: the attempt with the device's visits up to the next one.
    ///   - next: when the next attempt of the registration began, nil if there is none.
    ///   - recorded: the hub by exported registration records.
    ///   - pinnedHub: the only hub that its exported enrollment names, 0 for none.
    ///   - knownHubs: hubs that served the device before.
    func judge(
        _ attempt: Attempt,
        next: Int64?,
        recorded: DPSExportFacts.Recorded,
        pinnedHub: Int = 0,
        knownHubs: [Int]
    ) -> JourneyOutcome {
        var verdict = JourneyOutcome(journey: .undetermined, reason: "assignment-not-logged")
        if attempt.loggedHub != 0 {
            (verdict.hub, verdict.basis) = (attempt.loggedHub, "logged")
        } else if recorded.isOfAnotherTime, let accepted = firstAccepted(attempt),
            !attempt.isAccepted(by: recorded.hub)
        {
            // It was moved before or since: that record tells of no assignment that this journey disregards.
            (verdict.hub, verdict.basis) = (accepted.hub, "inferred")
        } else if recorded.hub != 0 {
            (verdict.hub, verdict.basis) = (recorded.hub, "snapshot")
        } else if pinnedHub != 0 {
            (verdict.hub, verdict.basis) = (pinnedHub, "enrollment")
        } else if let accepted = firstAccepted(attempt) {
            (verdict.hub, verdict.basis) = (accepted.hub, "inferred")
        }
        guard verdict.hub != 0 else {
            if attempt.hasUnplacedContact { verdict.reason = "hub-unknown" }
            return verdict
        }
        // Whether the logs cover the window is known at the end only: `CoverageCheck`.
        verdict.isCovered = true
        if verdict.basis == "inferred" {
            accept(attempt, attempt.ended + configuration.connectWindow, &verdict)
            return verdict
        }
        decide(attempt, next, attempt.ended + configuration.connectWindow, knownHubs, &verdict)
        return verdict
    }

    /// Whether nothing that comes later can change the verdict: the first contact at the attempt's hub was a success, in time.
    ///
    /// A first contact that was refused may yet be found to be normal life; a success never is.
    func isDecided(_ attempt: Attempt, snapshotHub: Int) -> Bool {
        let hub = attempt.loggedHub != 0 ? attempt.loggedHub : snapshotHub
        let visit = hub != 0 ? attempt.visits.first { $0.hub == hub } : firstAccepted(attempt)
        guard let first = visit?.first, first.isOK || hub == 0, let success = visit?.success else { return false }
        return success <= attempt.ended + configuration.connectWindow
    }

    /// The first hub that accepted the device.
    ///
    /// One that refused it makes nobody assigned there: a device that tries its old hub before the new one is refused by
    /// the old.
    private func firstAccepted(_ attempt: Attempt) -> Visit? {
        attempt.visits.filter { $0.success != nil }.min { ($0.success ?? 0, $0.hub) < ($1.success ?? 0, $1.hub) }
    }

    /// The device is connected where a hub accepted it: of a hub that is not known otherwise nothing else can be said.
    private func accept(_ attempt: Attempt, _ windowEnd: Int64, _ verdict: inout JourneyOutcome) {
        let visit = attempt.visits.first { $0.hub == verdict.hub }
        guard let success = visit?.success else { return }
        verdict.contactHub = verdict.hub
        verdict.contact = visit?.accepted
        (verdict.journey, verdict.reason) = (.connected, success <= windowEnd ? "window" : "slow")
    }

    private func decide(
        _ attempt: Attempt,
        _ next: Int64?,
        _ windowEnd: Int64,
        _ knownHubs: [Int],
        _ verdict: inout JourneyOutcome
    ) {
        let visit = attempt.visits.first { $0.hub == verdict.hub }
        if let first = visit?.first {
            verdict.contact = first
            verdict.contactHub = verdict.hub
        }
        if let success = visit?.success, success <= windowEnd {
            (verdict.journey, verdict.reason) = (.connected, "window")
        } else if let first = visit?.first, first.time <= windowEnd {
            (verdict.journey, verdict.reason) = (.refused, "window")
        } else if let other = elsewhere(attempt, than: verdict.hub, before: visit?.first?.time) {
            verdict.contact = other.first
            verdict.contactHub = other.hub
            (verdict.journey, verdict.reason) = (.elsewhere, knownHubs.contains(other.hub) ? "old-hub" : "other-hub")
        } else if visit?.success != nil {
            (verdict.journey, verdict.reason) = (.connected, "slow")
        } else if visit?.first != nil {
            (verdict.journey, verdict.reason) = (.refused, "slow")
        } else if visit?.isSeen == true {
            (verdict.journey, verdict.reason) = (.connected, "seen")
        } else if attempt.openHub == verdict.hub, attempt.openEnded == nil || attempt.openWasAlive {
            (verdict.journey, verdict.reason) = (.connected, "session-open")
        } else if attempt.hasUnplacedContact {
            verdict.reason = "hub-unknown"
        } else {
            let isSuperseded = next.map { $0 < windowEnd } ?? false
            (verdict.journey, verdict.reason) = isSuperseded ? (.undetermined, "superseded") : (.silent, "window")
        }
    }

    /// The first contact at another hub, if none at the assigned one came before it.
    private func elsewhere(_ attempt: Attempt, than hub: Int, before limit: Int64?) -> Visit? {
        attempt.visits
            .filter { $0.hub != hub && $0.first != nil }
            .min { ($0.first?.time ?? 0, $0.hub) < ($1.first?.time ?? 0, $1.hub) }
            .flatMap { visit in
                guard let time = visit.first?.time, time < limit ?? .max else { return nil }
                return visit
            }
    }
}
