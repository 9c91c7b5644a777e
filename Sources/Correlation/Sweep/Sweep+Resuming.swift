import AzureLogs

/// What a sweep that took up a checkpoint must write again.
extension Sweep {
    /// Notes that an event told of a device or registration.
    mutating func touch(_ identity: Int, _ fact: ContextFacts) {
        if !isResumed { return }
        if fact.kind == .registration {
            touched.registrations[leaders[identity]] = true
        } else {
            touched.devices[identity] = true
            // What a device does is seen by the open attempt of its registration.
            touched.journeys[devices[identity].registration] = true
        }
    }

    /// Notes which open attempts are decided, once a state was taken up.
    mutating func noteDecided() {
        isResumed = true
        for identity in registrations.indices {
            touched.decided[identity] = registrations[identity].attempt.map { isDecided($0, of: identity) } ?? false
        }
    }

    func isDecided(_ attempt: Attempt, of identity: Int) -> Bool {
        guard attempt.outcome.isSuccess else { return true }
        let snapshotHub = recorded(attempt, of: identity).hub
        return judge.isDecided(
            attempt,
            snapshotHub: snapshotHub != 0 ? snapshotHub : pinnedHub(of: identity, in: attempt.group)
        )
    }
}
