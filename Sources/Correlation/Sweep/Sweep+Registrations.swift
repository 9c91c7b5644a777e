import AzureLogs

/// What DPS logged: records become attempts, and attempts that are over are judged.
extension Sweep {
    /// Takes a record of DPS: it joins the open attempt of its registration, or begins another.
    mutating func registration(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        let leader = leaders[event.identity]
        if var open = registrations[leader].attempt {
            let match = AttemptMatcher.match(
                open,
                event,
                fact,
                isFirstFailure: !registrations[leader].hasFailed,
                snapshotAttestation: attestation(of: leader, in: open.group),
                configuration
            )
            switch match {
            case .joins(let decides): return join(&open, event, fact, leader, decides: decides)
            case .answersChallenge:
                open.isChallenge = true
                join(&open, event, fact, leader, decides: true)
                try sink.explained(
                    .tpmChallenge,
                    time: open.started,
                    identity: event.identity,
                    instance: fact.instance,
                    records: 1
                )
                return
            case .begins: try close(leader, next: event.time, &sink)
            }
        }
        var fresh = Attempt(event, fact)
        bindDevice(of: &fresh, leader)
        registrations[leader].attempt = fresh
    }

    private mutating func join(
        _ open: inout Attempt,
        _ event: SweepEvent,
        _ fact: ContextFacts,
        _ leader: Int,
        decides: Bool
    ) {
        // Taken out first, so that the attempt's lists are not copied.
        registrations[leader].attempt = nil
        open.take(event, fact, decides: decides)
        bindDevice(of: &open, leader)
        registrations[leader].attempt = open
    }

    /// Finds the attempt's device, with what exports say of the attempt; if DPS let it in, the device is of this
    /// registration from now on, and the attempt sees its session, its hubs and what it did within the skew before.
    private mutating func bindDevice(of attempt: inout Attempt, _ leader: Int) {
        let device = attempt.target != 0 ? attempt.target : snapshots[leader]?.device ?? 0
        attempt.device = device != 0 ? device : attempt.spelling
        // What no record says, exports of DPS may.
        if attempt.group.isEmpty { attempt.group = snapshots[leader]?.group ?? .none }
        if attempt.attestation.isEmpty { attempt.attestation = attestation(of: leader, in: attempt.group) }
        guard attempt.outcome.isSuccess else { return }
        // What it does from now on is no more seen by the registration that it was of before.
        touched.journeys[devices[attempt.device].registration] = true
        devices[attempt.device].registration = leader
        touched.devices[attempt.device] = true
        let known = attempt.device
        if attempt.openHub == 0 { attempt.openHub = devices[known].sessionHub }
        if attempt.knownHubs == nil { attempt.knownHubs = devices[known].hubs }
        if attempt.visits.isEmpty, let contact = devices[known].lastContact, devices[known].lastContactHub != 0,
            contact.time >= attempt.ended - configuration.skew
        {
            attempt.note(contact, at: devices[known].lastContactHub)
        }
    }

    /// Judges the open attempt of a registration and hands it on.
    ///
    /// - Parameter next: when the next one begins; nil if no event will follow.
    mutating func close(_ leader: Int, next: Int64?, _ sink: inout some SweepSink) throws {
        guard let attempt = registrations[leader].attempt else { return }
        registrations[leader].attempt = nil
        registrations[leader].hasFailed = attempt.outcome == .failed
        var verdict: JourneyOutcome?
        if attempt.outcome.isSuccess {
            verdict = judge.judge(
                attempt,
                next: next,
                recorded: recorded(attempt, of: leader),
                pinnedHub: pinnedHub(of: leader, in: attempt.group),
                knownHubs: attempt.knownHubs ?? []
            )
        }
        try countAttempt(attempt, leader, isLatest: next == nil, &sink)
        try sink.attempt(attempt, verdict, registration: leader, isLatest: next == nil)
    }

    /// Counts an attempt that is over, and writes the run of failures that it ends.
    private mutating func countAttempt(
        _ attempt: Attempt,
        _ leader: Int,
        isLatest: Bool,
        _ sink: inout some SweepSink
    ) throws {
        let before = Int(registrations[leader].total.answered)
        if isResumed, touched.runs[leader] {
            touched.runs[leader] = false
            try sink.forgetFailures(registration: leader, from: before)
        }
        registrations[leader].total.count(attempt)
        if attempt.outcome.isRefusal {
            registrations[leader].failures.add(attempt.asFailure, attempt.failureClass, paths)
        }
        let isOver = attempt.outcome.isSuccess
        if registrations[leader].failures.isEmpty || !isOver && !isLatest { return }
        try sink.failures(registrations[leader].failures, registration: leader, number: before, isOpen: !isOver)
        if isOver { registrations[leader].failures = FailureRun() }
    }
}
