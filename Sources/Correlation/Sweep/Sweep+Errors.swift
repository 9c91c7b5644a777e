import AzureLogs

/// Errors of hubs wait for what comes next, which explains them or does not.
extension Sweep {
    /// Puts an error aside until a connection succeeds, or until the next error comes too late for one to explain both.
    mutating func wait(
        _ event: SweepEvent,
        _ fact: ContextFacts,
        _ channel: Int,
        isRefusal: Bool,
        _ sink: inout some SweepSink
    ) throws {
        let (network, agent) = read(channel) { ($0.sessionNetwork, $0.sessionAgent) }
        let trouble = PendingError(
            event: event,
            role: UnexplainedRole.of(fact.code, isRefusal: isRefusal),
            code: fact.code,
            hub: fact.instance,
            sessionNetwork: network,
            sessionAgent: agent,
            isRefusal: isRefusal
        )
        let before = read(channel) { BenignJudge.Before($0) }
        let (first, waiting) = read(channel) { ($0.pending.first?.event.time, $0.pending.count) }
        let isLate = first.map { event.time - $0 > configuration.reconnect } ?? false
        if isLate || waiting >= SweepLimits.mostPending { try flush(channel, &sink) }
        self[channel].pending.append(trouble)
        // The new session of a take-over may have come first.
        if BenignJudge.isTakeover(fact.code), let contact = self[channel].lastContact, contact.isOK,
            event.time - contact.time <= SweepLimits.sameMoment
        {
            let pattern = BenignJudge.judge(
                [trouble],
                connected: contact,
                network: self[channel].lastContactNetwork,
                agent: self[channel].lastContactAgent,
                before,
                configuration
            )
            self[channel].pending.removeLast()
            try decide(trouble, pattern[0], channel, &sink)
        }
    }

    /// A connection succeeded: the errors that wait at this hub are explained by it, or are not.
    mutating func explain(
        _ contact: Contact,
        _ event: SweepEvent,
        _ fact: ContextFacts,
        _ channel: Int,
        _ sink: inout some SweepSink
    ) throws {
        if read(channel, { $0.pending.isEmpty }) { return }
        let pending = read(channel) { $0.pending }
        let before = read(channel) { BenignJudge.Before($0) }
        self[channel].pending = []
        let isHere = pending.allSatisfy { $0.hub == fact.instance }
        let here = isHere ? pending : pending.filter { $0.hub == fact.instance }
        for trouble in pending where trouble.hub != fact.instance { try decide(trouble, nil, channel, &sink) }
        let patterns = BenignJudge.judge(
            here,
            connected: contact,
            network: event.network,
            agent: event.agent,
            before,
            configuration
        )
        let leader = devices[event.identity].registration
        if leader != 0, patterns.contains(where: { $0 != nil }) {
            registrations[leader].forgive(zip(here, patterns), contact, at: fact.instance, of: event.identity)
        }
        for (trouble, pattern) in zip(here, patterns) { try decide(trouble, pattern, channel, &sink) }
    }

    /// Gives up the errors of a channel that wait: nothing explains them.
    mutating func flush(_ channel: Int, _ sink: inout some SweepSink) throws {
        if read(channel, { $0.pending.isEmpty }) { return }
        touched.devices[device(of: channel)] = true
        let pending = read(channel) { $0.pending }
        self[channel].pending = []
        for trouble in pending { try decide(trouble, nil, channel, &sink) }
    }

    private mutating func decide(
        _ trouble: PendingError,
        _ pattern: BenignPattern?,
        _ channel: Int,
        _ sink: inout some SweepSink
    ) throws {
        let identity = trouble.event.identity
        if BenignJudge.isRenewal(trouble.code) { self[channel].lastDrop = trouble.event.time }
        if BenignJudge.isTakeover(trouble.code) { self[channel].lastTakeover = trouble.event.time }
        if let pattern {
            if pattern == .tokenRenewal || pattern == .serviceUpgrade {
                try countExplained(identity, trouble.hub, &sink)
            }
            try sink.explained(
                pattern,
                time: trouble.event.time,
                identity: identity,
                instance: trouble.hub,
                records: trouble.event.copies
            )
        } else {
            if trouble.role == .takeover, self[channel].runs.takenOver(at: trouble.event.time) { watch(identity) }
            if trouble.isRefusal {
                self[channel].refusals.add(trouble.asFailure, facts[trouble.event.context].failure, paths)
            }
            if trouble.role == .refusal {
                if self[channel].runs.refused(by: trouble.hub) { watch(identity) }
                devices[identity].total.refused &+= Int32(truncatingIfNeeded: trouble.event.copies)
                devices[identity].total.wasRefused(at: trouble.event.time)
            }
            try sink.unexplained(trouble)
        }
    }
}
