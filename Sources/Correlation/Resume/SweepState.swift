/// The state of a sweep between two events as bytes, so that another run goes on from there.
///
/// What is left out is what a run makes from the database: facts of contexts, leaders, snapshots. Numbers of instances,
/// contexts, files and identities are those of the database's rows, which stay.
extension Sweep {
    func write(_ writer: inout StateWriter) throws {
        writer.put(time: firstTime)
        writer.put(hubs.map(\.sessions)) { $0.put($1) }
        writer.put(records) { $0.put($1) }
        try writer.put(entries: busySpans) { writer, span in
            writer.put(Int64(span.device))
            writer.put(time: span.from)
            writer.put(time: span.to)
            writer.put(time: span.noted)
        }
        try writer.put(entries: devices.indices.filter { !devices[$0].isBlank }) { writer, index in
            writer.put(index)
            devices[index].write(&writer)
        }
        try writer.put(entries: modules.entries) { writer, entry in
            writer.put(entry.device)
            writer.put(entry.module)
            entry.state.write(&writer)
        }
        try writer.put(entries: registrations.indices.filter { !registrations[$0].isBlank }) { writer, index in
            writer.put(index)
            registrations[index].write(&writer)
        }
    }

    /// Takes up a state; the sweep must be fresh.
    ///
    /// After a fault it holds a part of it: `forget`.
    mutating func restore(_ reader: inout StateReader) throws(StateFault) {
        firstTime = try reader.optionalTime()
        let count = devices.count
        let sessions = try reader.list { (reader) throws(StateFault) in try reader.int() }
        guard sessions.count <= hubs.count else { throw StateFault() }
        for (hub, sessions) in sessions.enumerated() { hubs[hub].sessions = sessions }
        let counts = try reader.list { (reader) throws(StateFault) in try reader.int() }
        guard counts.count <= records.count else { throw StateFault() }
        for (context, count) in counts.enumerated() { records[context] = count }
        var spans: [BusySpan] = []
        try reader.entries { (reader) throws(StateFault) in
            let device = try reader.index(below: count)
            spans.append(
                BusySpan(device: device, from: try reader.time(), to: try reader.time(), noted: try reader.time())
            )
        }
        busySpans = spans
        var (known, registered) = (PackedStates<DeviceState>(count: 0), PackedStates<RegistrationState>(count: 0))
        swap(&known, &devices)
        try reader.entries { (reader) throws(StateFault) in
            let index = try reader.index(below: count)
            known[index] = try DeviceState(&reader)
        }
        swap(&known, &devices)
        try reader.entries { (reader) throws(StateFault) in
            let device = try reader.index(below: count)
            let number = modules.number(of: device, try reader.word())
            modules.entries[number].state = try DeviceChannel(&reader)
        }
        swap(&registered, &registrations)
        try reader.entries { (reader) throws(StateFault) in
            let index = try reader.index(below: count)
            registered[index] = try RegistrationState(&reader)
        }
        swap(&registered, &registrations)
        // What is used as an index must be one.
        guard
            devices.indices.allSatisfy({ index in
                let device = devices[index]
                return device.own.busySpan < busySpans.count && (0..<count).contains(device.registration)
                    && hubs.indices.contains(device.sessionHub)
            }),
            modules.entries.allSatisfy({ $0.state.busySpan < busySpans.count }),
            registrations.indices.allSatisfy({
                registrations[$0].attempt.map { (0..<count).contains($0.device) } ?? true
            })
        else { throw StateFault() }
        noteDecided()
    }
}

extension DeviceState {
    /// Whether no event has left anything here.
    var isBlank: Bool {
        total.records == 0 && registration == 0 && lastContact == nil && sessionHub == 0 && watchedSince == .max
            && hubChanges == HubChanges() && own.isBlank
    }

    func write(_ writer: inout StateWriter) {
        own.write(&writer)
        writer.put(openChannels)
        writer.put(sessionHub)
        writer.put(lastContact != nil)
        lastContact?.write(&writer)
        writer.put(lastContactHub)
        writer.put(hubs) { $0.put($1) }
        writer.put(Int64(hubChanges.count))
        writer.put(time: hubChanges.last)
        writer.put(time: watchedSince)
        writer.put(registration)
        total.write(&writer)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        own = try DeviceChannel(&reader)
        openChannels = try reader.small()
        sessionHub = try reader.small()
        if try reader.bool() { lastContact = try Contact(&reader) }
        lastContactHub = try reader.small()
        hubs = try reader.list { (reader) throws(StateFault) in try reader.int() }
        hubChanges.count = UInt8(try reader.index(below: 101))
        hubChanges.last = try reader.time()
        watchedSince = try reader.time()
        registration = try reader.small()
        total = try DeviceTotal(&reader)
    }
}

extension DeviceChannel {
    func write(_ writer: inout StateWriter) {
        writer.put(sessionHub)
        writer.put(sessionNetwork)
        writer.put(sessionAgent)
        writer.put(lastContact != nil)
        lastContact?.write(&writer)
        writer.put(lastContactNetwork)
        writer.put(lastContactAgent)
        writer.put(time: lastDrop)
        writer.put(time: lastTakeover)
        writer.put(pending) { writer, trouble in trouble.write(&writer) }
        connects.write(&writer)
        writer.put(Int64(busySpan))
        runs.write(&writer)
        refusals.write(&writer)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        sessionHub = try reader.small()
        sessionNetwork = try reader.small()
        sessionAgent = try reader.small()
        if try reader.bool() { lastContact = try Contact(&reader) }
        lastContactNetwork = try reader.small()
        lastContactAgent = try reader.small()
        lastDrop = try reader.time()
        lastTakeover = try reader.time()
        pending = try reader.list { (reader) throws(StateFault) in try PendingError(&reader) }
        connects = try ConnectTally(&reader)
        busySpan = Int32(truncatingIfNeeded: try reader.int64())
        runs = try TroubleRuns(&reader)
        refusals = try FailureRun(&reader)
    }
}

extension TroubleRuns {
    func write(_ writer: inout StateWriter) {
        for number in [Int64(refusals), Int64(hub), Int64(takeovers)] { writer.put(number) }
        writer.put(time: lastTakeover)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        // Counts end at 100, so that another one can always be added to what was read.
        refusals = UInt8(try reader.index(below: 101))
        hub = Int32(truncatingIfNeeded: try reader.int64())
        takeovers = UInt8(try reader.index(below: 101))
        lastTakeover = try reader.time()
    }
}

extension ConnectTally {
    func write(_ writer: inout StateWriter) {
        writer.put(Int64(next))
        for lane in 0..<8 { writer.put(Int64(recent[lane] == .min / 2 ? -1 : recent[lane])) }
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        next = UInt8(truncatingIfNeeded: try reader.index(below: 8))
        for lane in 0..<8 {
            let second = Int32(truncatingIfNeeded: try reader.int64())
            recent[lane] = second < 0 ? .min / 2 : second
        }
    }
}

extension DeviceTotal {
    func write(_ writer: inout StateWriter) {
        for number in [
            records, contacts, connected, refused, hub, agent, network, dropMinute, explainedMinute, acceptedBy,
            hubChanges,
        ] {
            writer.put(Int64(number))
        }
        writer.put(protocolName)
        for time in [first, last, firstConnected, lastConnected, firstRefused, lastRefused] { writer.put(time: time) }
        writer.put(longestGap)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        func number(_ reader: inout StateReader) throws(StateFault) -> Int32 {
            Int32(truncatingIfNeeded: try reader.int64())
        }
        records = try number(&reader)
        contacts = try number(&reader)
        connected = try number(&reader)
        refused = try number(&reader)
        hub = try number(&reader)
        agent = try number(&reader)
        network = try number(&reader)
        dropMinute = try number(&reader)
        explainedMinute = try number(&reader)
        acceptedBy = try number(&reader)
        hubChanges = try number(&reader)
        protocolName = try reader.word()
        first = try reader.time()
        last = try reader.time()
        firstConnected = try reader.time()
        lastConnected = try reader.time()
        firstRefused = try reader.time()
        lastRefused = try reader.time()
        longestGap = try reader.int64()
    }
}

extension PendingError {
    func write(_ writer: inout StateWriter) {
        writer.put(time: event.time)
        writer.put(event.hash)
        for number in [
            event.identity, event.context, event.network, event.agent, event.target, event.copies, event.file,
            event.line, code, hub, sessionNetwork, sessionAgent,
        ] {
            writer.put(number)
        }
        writer.put(event.duration)
        writer.put(bits: event.correlation)
        writer.put(UnexplainedRole.allCases.firstIndex(of: role) ?? 0)
        writer.put(isRefusal)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        var event = SweepEvent()
        event.time = try reader.time()
        event.hash = try reader.int64()
        event.identity = try reader.small()
        event.context = try reader.small()
        event.network = try reader.small()
        event.agent = try reader.small()
        event.target = try reader.small()
        event.copies = try reader.small()
        event.file = try reader.small()
        event.line = try reader.int()
        let code = try reader.small()
        let hub = try reader.small()
        let session = (network: try reader.small(), agent: try reader.small())
        event.duration = try reader.int64()
        event.correlation = try reader.bits()
        self.init(
            event: event,
            role: UnexplainedRole.allCases[try reader.index(below: UnexplainedRole.allCases.count)],
            code: code,
            hub: hub,
            sessionNetwork: session.network,
            sessionAgent: session.agent,
            isRefusal: try reader.bool()
        )
    }
}
