import AzureLogs

/// One pass over the events in the order of their times, with a small state for every device and registration.
///
/// Pure: events in, decisions out. It must be given the events in total order (`TieRank`), and `finish` at the end.
///
/// A new field of its state is written and read in `SweepState` and raises `Checkpoints.version` (`StateRoundTripTests`
/// finds what is not written); one of `DeviceState` or `RegistrationState` also decides whether a state `isBlank`.
struct Sweep {
    let configuration: CorrelationConfiguration
    private(set) var facts: [ContextFacts]
    private let coverage: Coverage?
    let judge: JourneyJudge
    /// For every identity the one of the same registration whose name comes first.
    private(set) var leaders: [Int]
    let snapshots: [Int: DPSExportFacts]
    private(set) var paths: FilePaths
    let groups: [InternedText: GroupFacts]
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
    /// Devices and registrations with events since the checkpoint; the rows of the others are right as they are.
    var touched: ChangedSinceResume
    /// Whether the sweep resumed from a checkpoint: only then is it asked what was touched.
    var isResumed = false
    /// The time of the current event; behind all times once the events are over.
    private(set) var now: Int64 = .min
    /// Whether every minute of a hub is written down: the events are those of one part, which alone cannot tell what is many.
    var isPart = false

    init(
        configuration: CorrelationConfiguration,
        facts: [ContextFacts],
        coverage: Coverage?,
        leaders: [Int],
        snapshots: [Int: DPSExportFacts],
        groups: [InternedText: GroupFacts] = [:],
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
        reset()
    }

    /// Goes back to before the first event.
    mutating func reset() {
        devices = PackedStates(count: leaders.count)
        registrations = PackedStates(count: leaders.count)
        hubs = [HubState](repeating: HubState(), count: instances + 1)
        records = [Int](repeating: 0, count: facts.count)
        (firstTime, busySpans, modules) = (nil, [], ModuleChannels())
        isResumed = false
        // Exports say which registration a device belongs to, even if no log shows it.
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
        // Without a device id only the errors of a hub as a whole and changes of enrollments say something.
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
            // Nothing tells these records apart, so one that a file holds twice is two attempts. Contacts are counted by
            // `copies` instead: two that nothing tells apart lead to the same state.
            for _ in 0..<event.copies { try registration(event, fact, &sink) }
        case .connect:
            if fact.isEventGrid, isCovered(event, fact) { return }
            try countRecord(event, fact, &sink)
            try connect(event, fact, &sink)
        case .disconnect:
            if fact.isEventGrid, isCovered(event, fact) { return }
            try countRecord(event, fact, &sink)
            try disconnect(event, fact, &sink)
        case .serviceOperation: try sink.operation(event)
        case .hubError:
            try countRecord(event, fact, &sink)
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
        // `.max` in `watchedSince` means never.
        now = .max - 1
        for identity in devices.indices where !devices[identity].own.pending.isEmpty { try flush(identity, &sink) }
        for number in modules.entries.indices where !modules.entries[number].state.pending.isEmpty {
            try flush(~number, &sink)
        }
        for identity in registrations.indices where touched.mayChange(identity) || !onlyTouched {
            try close(identity, next: nil, &sink)
            if registrations[identity].total.attempts > 0, touched.registrations[identity] || !onlyTouched {
                try sink.registrationTotal(registrations[identity].total, registration: identity)
            }
        }
        for (context, count) in records.enumerated() where count > 0 { try sink.contextTotal(count, context: context) }
        for identity in devices.indices where touched.devices[identity] || !onlyTouched {
            if devices[identity].total.records == 0 { continue }
            try sink.deviceTotal(
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

    private func isCovered(_ event: SweepEvent, _ fact: ContextFacts) -> Bool {
        coverage?.hasHour(Coverage.Stream(instance: fact.instance, category: .connections), event.time) ?? false
    }
}
