import AzureLogs

/// One pass over the events in the order of their times, with a small state for every device and registration.
///
/// Pure: events in, decisions out. It must be given the events in total order (`TieRank`), and `finish` at the end.
struct Sweep {
    private let configuration: CorrelationConfiguration
    private var facts: [ContextFacts]
    private let coverage: Coverage?
    private let judge: JourneyJudge
    /// For every identity the smallest spelling of the same registration.
    private var leaders: [Int]
    private let snapshots: [Int: DPSExportFacts]
    private var paths: FilePaths
    private let groups: [Word: GroupFacts]
    private var instances: Int
    var devices: PackedStates<DeviceState>
    /// The channels of devices' modules.
    var modules = ModuleChannels()
    var firstTime: Int64?
    /// When devices connected often.
    var busySpans: [BusySpan] = []
    var registrations: PackedStates<RegistrationState>
    var hubs: [HubState]
    /// Records of each context.
    var records: [Int]
    /// Devices and registrations of which an event told since the start; what is known of the others stands already.
    private var touched: ChangedSinceResume
    /// Whether a state was taken up: only then is it asked what was touched.
    private var isResumed = false
    /// The time of the event in hand; behind all times once the events are over.
    private var now: Int64 = .min
    /// Whether every minute of a hub is written down: the events are those of one part, which alone cannot tell what is many.
    var isPart = false

    init(
        configuration: CorrelationConfiguration,
        facts: [ContextFacts],
        coverage: Coverage?,
        leaders: [Int],
        snapshots: [Int: DPSExportFacts],
        groups: [Word: GroupFacts] = [:],
        paths: FilePaths,
        instances: Int
    ) {
        self.paths = paths
        self.configuration = configuration
        self.facts = facts
        self.coverage = coverage
        judge = JourneyJudge(configuration: configuration)
        self.leaders = leaders
        self.snapshots = snapshots
        self.groups = groups
        self.instances = instances
        (devices, registrations) = (PackedStates(count: 0), PackedStates(count: 0))
        (hubs, records) = ([], [])
        touched = ChangedSinceResume(count: leaders.count)
        forget()
    }

    /// Goes back to before the first event.
    mutating func forget() {
        devices = PackedStates(count: leaders.count)
        registrations = PackedStates(count: leaders.count)
        hubs = [HubState](repeating: HubState(), count: instances + 1)
        records = [Int](repeating: 0, count: facts.count)
        (firstTime, busySpans, modules) = (nil, [], ModuleChannels())
        isResumed = false
        // Of a device that an export names it is known whose it is, whether or not DPS was seen to let it in.
        for (leader, snapshot) in snapshots.sorted(by: { $0.key < $1.key }) where snapshot.device != 0 {
            devices[snapshot.device].registration = leader
        }
    }

    /// Learns of contexts, instances and identities that became known behind those that are.
    ///
    /// - Parameter instances: how many there are now.
    mutating func learn(_ facts: [ContextFacts], instances: Int, leaders: [Int]) {
        self.facts += facts
        records += repeatElement(0, count: facts.count)
        hubs += repeatElement(HubState(), count: instances - self.instances)
        self.instances = instances
        self.leaders += leaders
        devices.grow(by: leaders.count)
        registrations.grow(by: leaders.count)
        touched.add(leaders.count)
    }

    /// Learns the path of a file, whose records findings may cite.
    mutating func learn(file: Int, _ path: String) { paths.learn(file, path) }

    /// Takes the next event.
    mutating func take(_ event: SweepEvent, _ sink: inout some SweepSink) throws {
        let fact = facts[event.context]
        now = event.time
        records[event.context] += event.copies
        guard event.identity != 0 else {
            if fact.kind == .hubError || fact.isFailedIdentityOperation { try other(event, fact, &sink) }
            if fact.kind == .serviceOperation { try sink.operation(event) }
            return
        }
        if fact.kind == .registration {
            registrations.warm(leaders[event.identity])
        } else {
            devices.warm(event.identity)
        }
        touch(event.identity, fact)
        switch fact.kind {
        case .registration:
            // Records without an identity of their own that stand twice in a file happened twice.
            for _ in 0..<event.copies { try registration(event, fact, &sink) }
        case .connect:
            if fact.isEventGrid, isCovered(event, fact) { return }
            try count(event, fact, &sink)
            try connect(event, fact, &sink)
        case .disconnect:
            if fact.isEventGrid, isCovered(event, fact) { return }
            try count(event, fact, &sink)
            try disconnect(event, fact, &sink)
        case .serviceOperation: try sink.operation(event)
        case .hubError:
            try count(event, fact, &sink)
            noteSeen(event, fact)
            try other(event, fact, &sink)
        case .identityOperation:
            if fact.isFailedIdentityOperation { try other(event, fact, &sink) }
        default: break
        }
    }

    /// Ends the pass: what is still open is decided by what was seen.
    ///
    /// - Parameter onlyTouched: whether the sink holds what this gives of every device and registration that no event told
    ///   of since the start. It depends on their own state alone, so it would be the same again.
    mutating func finish(onlyTouched: Bool, _ sink: inout some SweepSink) throws {
        now = .max - 1
        for identity in devices.indices where !devices[identity].own.pending.isEmpty { try flush(identity, &sink) }
        for number in modules.entries.indices where !modules.entries[number].state.pending.isEmpty {
            try flush(~number, &sink)
        }
        for identity in registrations.indices where touched.mayChange(identity) || !onlyTouched {
            try close(identity, next: nil, &sink)
            if registrations[identity].total.attempts > 0, touched.registrations[identity] || !onlyTouched {
                try sink.total(registrations[identity].total, registration: identity)
            }
        }
        for (context, count) in records.enumerated() where count > 0 { try sink.total(count, context: context) }
        for identity in devices.indices where touched.devices[identity] || !onlyTouched {
            if devices[identity].total.records == 0 { continue }
            try sink.total(
                devices[identity].total,
                device: identity,
                registration: devices[identity].registration,
                isOpen: devices[identity].sessionHub != 0
            )
            try sink.refusals(devices[identity].own.refusals, device: identity, module: .none)
        }
        for entry in modules.entries where touched.devices[entry.device] || !onlyTouched {
            try sink.refusals(entry.state.refusals, device: entry.device, module: entry.module)
        }
        try endMinutes(&sink)
    }

    // MARK: Channels

    /// The channel of an event: the device's identity, or the complement of the number of one of its modules.
    private mutating func channel(_ event: SweepEvent, _ fact: ContextFacts) -> Int {
        fact.module.isEmpty ? event.identity : ~modules.number(of: event.identity, fact.module)
    }

    private subscript(channel: Int) -> DeviceChannel {
        _read { if channel >= 0 { yield devices[channel].own } else { yield modules.entries[~channel].state } }
        _modify { if channel >= 0 { yield &devices[channel].own } else { yield &modules.entries[~channel].state } }
    }

    private func device(of channel: Int) -> Int { channel >= 0 ? channel : modules.entries[~channel].device }

    private mutating func touch(_ identity: Int, _ fact: ContextFacts) {
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

    private func isDecided(_ attempt: Attempt, of identity: Int) -> Bool {
        guard attempt.outcome.isSuccess else { return true }
        let snapshotHub = recorded(attempt, of: identity).hub
        return judge.isDecided(
            attempt,
            snapshotHub: snapshotHub != 0 ? snapshotHub : pinnedHub(of: identity, in: attempt.group)
        )
    }

    /// What registration records say of an attempt's hub.
    private func recorded(_ attempt: Attempt, of leader: Int) -> DPSExportFacts.Recorded {
        let end = attempt.ended + configuration.connectWindow
        return snapshots[leader]?.recorded(from: attempt.started, to: end) ?? DPSExportFacts.Recorded()
    }

    /// How the enrollment of a registration, or else its group, attests by the exports.
    private func attestation(of leader: Int, in group: Word) -> Word {
        snapshots[leader]?.attestation ?? groups[group]?.attestation ?? .none
    }

    /// The hub that the enrollment of a registration, or else its group, pins by the exports; 0 for none.
    private func pinnedHub(of leader: Int, in group: Word) -> Int {
        let own = snapshots[leader]?.pinnedHub ?? 0
        return own != 0 ? own : groups[group]?.pinnedHub ?? 0
    }

    /// The devices of which rules will look at all contacts, with the time since when that is known.
    var watched: [(device: Int, since: Int64)] {
        devices.indices.compactMap { index in
            let since = devices[index].watchedSince
            return since == .max ? nil : (index, since)
        }
    }

    /// The errors that wait to be explained.
    var pending: [PendingError] {
        devices.indices.flatMap { devices[$0].own.pending } + modules.entries.flatMap(\.state.pending)
    }

    /// How many registrations have an attempt that is the latest.
    var latestAttempts: Int { registrations.indices.count { !registrations[$0].isBlank } }

    // MARK: Counts

    private mutating func count(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        devices[event.identity].total.count(event, fact)
        try enter(fact.instance, &sink)
    }

    /// Begins the minute in hand of a hub, before anything of it is counted: so what is said of a minute's beginning does not
    /// hang on which device came first.
    private mutating func enter(_ hub: Int, _ sink: inout some SweepSink) throws {
        let minute = now / 60_000_000
        if hubs[hub].minute == minute { return }
        try end(hub, &sink)
        hubs[hub].begin(minute)
    }

    /// Writes down the minute of a hub, if it is one to note.
    private func end(_ hub: Int, _ sink: inout some SweepSink) throws {
        if hub > 0, hubs[hub].isNoted || isPart && hubs[hub].minute >= 0 { try sink.minute(hubs[hub], hub: hub) }
    }

    /// Writes down the minutes in hand, as if the next ones had begun.
    mutating func endMinutes(_ sink: inout some SweepSink) throws {
        for hub in hubs.indices {
            try end(hub, &sink)
            if isPart, hub > 0, hubs[hub].minute >= 0 {
                // With how many sessions it ended is said by the next minute.
                hubs[hub].begin(hubs[hub].minute + 1)
                try end(hub, &sink)
            }
            hubs[hub].begin(-1)
        }
    }

    /// A device counts as connected once, at the hub of the session that it opened last.
    private mutating func beginSession(
        _ channel: Int,
        _ device: Int,
        at hub: Int,
        _ sink: inout some SweepSink
    ) throws {
        if self[channel].sessionHub == 0 { devices[device].openChannels += 1 }
        if devices[device].sessionHub == hub { return }
        if devices[device].sessionHub != 0 {
            try enter(devices[device].sessionHub, &sink)
            hubs[devices[device].sessionHub].sessions -= 1
        }
        devices[device].sessionHub = hub
        hubs[hub].sessions += 1
    }

    private mutating func endSession(_ channel: Int, _ device: Int, _ sink: inout some SweepSink) throws {
        if self[channel].sessionHub == 0 { return }
        self[channel].sessionHub = 0
        devices[device].openChannels -= 1
        if devices[device].openChannels > 0 { return }
        try enter(devices[device].sessionHub, &sink)
        hubs[devices[device].sessionHub].sessions -= 1
        devices[device].sessionHub = 0
    }

    private mutating func countDrop(_ event: SweepEvent, _ hub: Int) {
        let minute = Int32(truncatingIfNeeded: event.time / 60_000_000)
        if devices[event.identity].total.dropMinute == minute { return }
        devices[event.identity].total.dropMinute = minute
        hubs[hub].drops += 1
    }

    private mutating func countExplained(_ device: Int, _ hub: Int, _ sink: inout some SweepSink) throws {
        let minute = Int32(truncatingIfNeeded: now / 60_000_000)
        if devices[device].total.explainedMinute == minute { return }
        try enter(hub, &sink)
        devices[device].total.explainedMinute = minute
        hubs[hub].explained += 1
    }

    private mutating func countRefusal(_ event: SweepEvent, _ hub: Int) {
        devices[event.identity].total.contacts &+= Int32(truncatingIfNeeded: event.copies)
        hubs[hub].refusals += event.copies
    }

    private mutating func watch(_ device: Int) {
        devices[device].watchedSince = min(devices[device].watchedSince, now)
    }

    private func isCovered(_ event: SweepEvent, _ fact: ContextFacts) -> Bool {
        coverage?.hasHour(Coverage.Stream(instance: fact.instance, category: .connections), event.time) ?? false
    }

    // MARK: Registrations

    private mutating func registration(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        let leader = leaders[event.identity]
        if var open = registrations[leader].attempt {
            let verdict = AttemptMatcher.judge(
                open,
                event,
                fact,
                isFirstFailure: !registrations[leader].hasFailed,
                snapshotAttestation: attestation(of: leader, in: open.group),
                configuration
            )
            switch verdict {
            case .joins(let decides):
                registrations[leader].attempt = nil
                open.take(event, fact, decides: decides)
                settle(&open, leader)
                registrations[leader].attempt = open
                return
            case .answersChallenge:
                registrations[leader].attempt = nil
                open.take(event, fact, decides: true)
                open.isChallenge = true
                settle(&open, leader)
                registrations[leader].attempt = open
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
        settle(&fresh, leader)
        registrations[leader].attempt = fresh
    }

    /// Finds the attempt's device, and what it did within the skew before the answer.
    private mutating func settle(_ attempt: inout Attempt, _ leader: Int) {
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

    private mutating func close(_ leader: Int, next: Int64?, _ sink: inout some SweepSink) throws {
        guard let attempt = registrations[leader].attempt else { return }
        registrations[leader].attempt = nil
        registrations[leader].hasFailed = attempt.outcome == .failed
        var verdict: JourneyVerdict?
        if attempt.outcome.isSuccess {
            verdict = judge.judge(
                attempt,
                next: next,
                recorded: recorded(attempt, of: leader),
                pinnedHub: pinnedHub(of: leader, in: attempt.group),
                knownHubs: attempt.knownHubs ?? []
            )
        }
        try count(attempt, leader, isLatest: next == nil, &sink)
        try sink.attempt(attempt, verdict, registration: leader, isLatest: next == nil)
    }

    /// Counts an attempt that is over, and writes the run of failures that it ends.
    private mutating func count(_ attempt: Attempt, _ leader: Int, isLatest: Bool, _ sink: inout some SweepSink) throws
    {
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

    // MARK: Hubs

    private mutating func connect(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
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

    private mutating func disconnect(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        let device = event.identity
        let channel = channel(event, fact)
        let hadSession = self[channel].sessionHub == fact.instance && fact.instance != 0
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
        let isFreshSession = self[channel].lastContact.map { $0.isOK && event.time - $0.time <= 5_000_000 } ?? false
        if !(isTakeover && isFreshSession) { try endSession(channel, device, &sink) }
    }

    private mutating func other(_ event: SweepEvent, _ fact: ContextFacts, _ sink: inout some SweepSink) throws {
        try sink.unexplained(
            PendingError(
                event: event,
                role: fact.isFailedIdentityOperation ? .identity : UnexplainedRole.of(fact.code, isRefusal: false),
                code: fact.code,
                hub: fact.instance
            )
        )
    }

    /// Puts an error aside until a connection succeeds or the time for it is over.
    private mutating func wait(
        _ event: SweepEvent,
        _ fact: ContextFacts,
        _ channel: Int,
        isRefusal: Bool,
        _ sink: inout some SweepSink
    ) throws {
        let trouble = PendingError(
            event: event,
            role: UnexplainedRole.of(fact.code, isRefusal: isRefusal),
            code: fact.code,
            hub: fact.instance,
            sessionNetwork: self[channel].sessionNetwork,
            sessionAgent: self[channel].sessionAgent,
            isRefusal: isRefusal
        )
        let before = BenignJudge.Before(self[channel])
        let first = self[channel].pending.first?.event.time
        let isLate = first.map { event.time - $0 > configuration.reconnect } ?? false
        if isLate || self[channel].pending.count >= 16 { try flush(channel, &sink) }
        self[channel].pending.append(trouble)
        // The new session of a take-over may have come first.
        if BenignJudge.isTakeover(fact.code), let contact = self[channel].lastContact, contact.isOK,
            event.time - contact.time <= 5_000_000
        {
            let verdict = BenignJudge.judge(
                [trouble],
                connected: contact,
                network: self[channel].lastContactNetwork,
                agent: self[channel].lastContactAgent,
                before,
                configuration
            )
            self[channel].pending.removeLast()
            try decide(trouble, verdict[0], channel, &sink)
        }
    }

    /// A connection succeeded: the errors that wait at this hub are explained by it, or are not.
    private mutating func explain(
        _ contact: Contact,
        _ event: SweepEvent,
        _ fact: ContextFacts,
        _ channel: Int,
        _ sink: inout some SweepSink
    ) throws {
        let pending = self[channel].pending
        if pending.isEmpty { return }
        let before = BenignJudge.Before(self[channel])
        self[channel].pending = []
        let isHere = pending.allSatisfy { $0.hub == fact.instance }
        let here = isHere ? pending : pending.filter { $0.hub == fact.instance }
        for trouble in pending where trouble.hub != fact.instance { try decide(trouble, nil, channel, &sink) }
        let verdicts = BenignJudge.judge(
            here,
            connected: contact,
            network: event.network,
            agent: event.agent,
            before,
            configuration
        )
        let leader = devices[event.identity].registration
        if leader != 0, verdicts.contains(where: { $0 != nil }) {
            registrations[leader].forgive(zip(here, verdicts), contact, at: fact.instance, of: event.identity)
        }
        for (trouble, pattern) in zip(here, verdicts) { try decide(trouble, pattern, channel, &sink) }
    }

    private mutating func flush(_ channel: Int, _ sink: inout some SweepSink) throws {
        if self[channel].pending.isEmpty { return }
        touched.devices[device(of: channel)] = true
        let pending = self[channel].pending
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
                devices[identity].total.lastRefused = max(devices[identity].total.lastRefused, trouble.event.time)
            }
            try sink.unexplained(trouble)
        }
    }

    // MARK: What an attempt sees of its device

    private mutating func noteContact(_ contact: Contact, _ hub: Int, _ device: Int) {
        let leader = devices[device].registration
        if leader != 0 { registrations[leader].note(contact, at: hub, of: device) }
    }

    private mutating func noteSeen(_ event: SweepEvent, _ fact: ContextFacts) {
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
