import AzureLogs

/// What hubs logged of connections, and what the open attempt of a device sees of it.
extension Sweep {
    /// Takes a connect attempt.
    ///
    /// The order matters: `explain` and `beginSession` read the session that `accept` replaces, and `note` comes last.
    mutating func connect(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        let device = event.identity
        let channel = channel(event, fact)
        let hub = fact.instance
        let contact = Contact(
            time: event.time,
            isOK: fact.outcome == .connected,
            code: fact.code,
            file: event.file,
            line: event.line
        )
        noteContact(contact, hub, device)
        if contact.isOK {
            try explain(contact, event, fact, channel, &sink)
            if devices[device].accept(event, by: hub) { watch(device) }
            if hub != 0 {
                try beginSession(channel, device, at: hub, &sink)
            } else {
                try endSession(channel, device, &sink)
            }
            self[channel].accept(event, by: hub)
            hubs[hub].connects += event.copies
            tally(event, channel)
        } else {
            countRefusal(event, hub)
            try wait(event, fact, channel, isRefusal: true, &sink)
        }
        self[channel].note(contact, event)
        devices[device].lastContact = contact
        devices[device].lastContactHub = hub
    }

    private mutating func tally(_ event: SweepEvent, _ channel: Int) {
        // A whole second, so that the seconds behind it do not hang on which device came first.
        let first = firstTime ?? event.time - event.time % 1_000_000
        firstTime = first
        let second = Int32(clamping: (event.time - first) / 1_000_000)
        for _ in 0..<min(event.copies, WatchLimits.connects) where self[channel].connects.add(second) {
            let span = BusySpan(
                device: event.identity,
                from: event.time - WatchedDevices.busyTime,
                to: event.time + WatchedDevices.busyTime,
                noted: event.time
            )
            let known = Int(self[channel].busySpan)
            if known >= 0, busySpans[known].to >= span.from {
                busySpans[known].to = span.to
            } else {
                self[channel].busySpan = Int32(busySpans.count)
                busySpans.append(span)
            }
        }
    }

    /// Takes the end of a connection, or the refusal of one that a hub logged as such.
    ///
    /// The order matters: `noteSessionEnd` reads the session that `endSession` takes away.
    mutating func disconnect(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        let device = event.identity
        let channel = channel(event, fact)
        let hadSession = read(channel) { $0.sessionHub } == fact.instance && fact.instance != 0
        // A hub that turns a device away may log it as a disconnection: then there was no connection before.
        let isRefusal = fact.outcome == .dropped && fact.isRefusalCode && !hadSession
        if isRefusal {
            countRefusal(event, fact.instance)
            let contact = Contact(time: event.time, isOK: false, code: fact.code, file: event.file, line: event.line)
            noteContact(contact, fact.instance, device)
            self[channel].lastContact = contact
            devices[device].lastContact = contact
            devices[device].lastContactHub = fact.instance
        } else if hadSession, devices[device].openChannels == 1 {
            noteSessionEnd(event, fact)
        } else {
            noteSeen(event, fact)
        }
        if fact.outcome == .dropped, !isRefusal { countDrop(event, fact.instance) }
        if fact.outcome == .dropped { try wait(event, fact, channel, isRefusal: isRefusal, &sink) }
        // A hub that a device has left notices it late: its record ends no session at another hub. Of a record without a
        // hub nothing tells which session it ends, so it ends the one that is open.
        guard hadSession || fact.instance == 0 else { return }
        // A take-over ends the old session while the new one may already be open.
        let isTakeover = UnexplainedRole.of(fact.code, isRefusal: false) == .takeover
        let isFreshSession =
            read(channel) { $0.lastContact }.map { $0.isOK && event.time - $0.time <= SweepLimits.sameMoment } ?? false
        if !(isTakeover && isFreshSession) { try endSession(channel, device, &sink) }
    }

    /// Takes an error that no connection can explain.
    mutating func other(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        try sink.unexplained(
            PendingError(
                event: event,
                role: fact.isFailedIdentityOperation ? .identity : UnexplainedRole.of(fact.code, isRefusal: false),
                code: fact.code,
                hub: fact.instance
            )
        )
    }

    private mutating func noteContact(_ contact: Contact, _ hub: Int, _ device: Int) {
        let leader = devices[device].registration
        if leader != 0 { registrations[leader].note(contact, at: hub, of: device) }
    }

    /// Notes that a device was seen at a hub, for the open attempt of its registration.
    mutating func noteSeen(_ event: SweepEvent, _ fact: ContextFacts) {
        let leader = devices[event.identity].registration
        if leader != 0, fact.instance != 0 { registrations[leader].noteSeen(at: fact.instance, of: event.identity) }
    }

    private mutating func noteSessionEnd(_ event: SweepEvent, _ fact: ContextFacts) {
        let leader = devices[event.identity].registration
        if leader == 0 { return }
        registrations[leader].noteSessionEnd(
            at: fact.instance,
            of: event.identity,
            event.time,
            isClean: fact.outcome == .closed,
            configuration
        )
    }
}
