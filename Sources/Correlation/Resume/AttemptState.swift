import AzureLogs

/// Registrations, attempts and visits as bytes of a checkpoint.
extension RegistrationState {
    /// Whether no event has left anything here.
    var isBlank: Bool { attempt == nil && total.attempts == 0 }

    func write(_ writer: inout StateWriter) {
        writer.put(attempt != nil)
        attempt?.write(&writer)
        writer.put(hasFailed)
        for number in [total.attempts, total.answered, total.unauthorized, total.device, total.dps] {
            writer.put(Int64(number))
        }
        writer.put(total.group)
        writer.put(time: total.lastAnswered)
        writer.put(time: total.lastAssigned)
        writer.put(Int64(total.assignedHub))
        writer.put(Int64(total.hubMoves))
        writer.put(time: total.begun.0)
        writer.put(time: total.begun.1)
        writer.put(total.closest)
        writer.put(Int64(total.failures))
        writer.put(time: total.failingSince)
        writer.put(time: total.lastFailed)
        writer.put(time: total.firstAnswered)
        failures.write(&writer)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        func number(_ reader: inout StateReader) throws(StateFault) -> Int32 {
            Int32(truncatingIfNeeded: try reader.int64())
        }
        if try reader.bool() { attempt = try Attempt(&reader) }
        hasFailed = try reader.bool()
        total.attempts = try number(&reader)
        total.answered = try number(&reader)
        total.unauthorized = try number(&reader)
        total.device = try number(&reader)
        total.dps = try number(&reader)
        total.group = try reader.word()
        total.lastAnswered = try reader.time()
        total.lastAssigned = try reader.time()
        total.assignedHub = try number(&reader)
        total.hubMoves = try number(&reader)
        total.begun = (try reader.time(), try reader.time())
        total.closest = try reader.int64()
        total.failures = try number(&reader)
        total.failingSince = try reader.time()
        total.lastFailed = try reader.time()
        total.firstAnswered = try reader.time()
        failures = try FailureRun(&reader)
    }
}

extension EventOutcome {
    /// All of them by a number that stays.
    static let numbered: [EventOutcome] = [
        .assigned, .accepted, .assigning, .failed, .disabled, .throttled, .unknown, .connected, .refused, .closed,
        .dropped, .other,
    ]
}

extension Attempt {
    func write(_ writer: inout StateWriter) {
        for time in [started, ended, last] { writer.put(time: time) }
        writer.put(EventOutcome.numbered.firstIndex(of: outcome) ?? 6)
        for number in [spelling, code, context, dps, network, records, file, line, loggedHub, target, device, openHub] {
            writer.put(number)
        }
        writer.put(failure.flatMap { FailureClass.allCases.firstIndex(of: $0) }.map { $0 + 1 } ?? 0)
        writer.put(group)
        writer.put(attestation)
        writer.put(duration)
        writer.put(Int64(categories))
        writer.put(bits: correlation)
        writer.put(isChallenge)
        writer.put(hasUnplacedContact)
        writer.put(openWasAlive)
        writer.put(time: openEnded)
        writer.put(knownHubs != nil)
        writer.put(knownHubs ?? []) { $0.put($1) }
        writer.put(visits) { writer, visit in visit.write(&writer) }
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        self.init()
        started = try reader.time()
        ended = try reader.time()
        last = try reader.time()
        outcome = EventOutcome.numbered[try reader.index(below: EventOutcome.numbered.count)]
        spelling = try reader.small()
        code = try reader.small()
        context = try reader.small()
        dps = try reader.small()
        network = try reader.small()
        records = try reader.small()
        file = try reader.small()
        line = try reader.int()
        loggedHub = try reader.small()
        target = try reader.small()
        device = try reader.small()
        openHub = try reader.small()
        let kind = try reader.index(below: FailureClass.allCases.count + 1)
        failure = kind == 0 ? nil : FailureClass.allCases[kind - 1]
        group = try reader.word()
        attestation = try reader.word()
        duration = try reader.int64()
        categories = UInt8(truncatingIfNeeded: try reader.int64())
        correlation = try reader.bits()
        isChallenge = try reader.bool()
        hasUnplacedContact = try reader.bool()
        openWasAlive = try reader.bool()
        openEnded = try reader.optionalTime()
        let isKnown = try reader.bool()
        let hubs = try reader.list { (reader) throws(StateFault) in try reader.int() }
        knownHubs = isKnown ? hubs : nil
        visits = try reader.list { (reader) throws(StateFault) in try Visit(&reader) }
    }
}

extension Visit {
    func write(_ writer: inout StateWriter) {
        writer.put(hub)
        writer.put(first != nil)
        first?.write(&writer)
        writer.put(accepted != nil)
        accepted?.write(&writer)
        writer.put(isSeen)
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        self.init(hub: try reader.small())
        if try reader.bool() { first = try Contact(&reader) }
        if try reader.bool() { accepted = try Contact(&reader) }
        isSeen = try reader.bool()
    }
}

extension Contact {
    func write(_ writer: inout StateWriter) {
        writer.put(time: time)
        writer.put(isOK)
        for number in [code, file, line] { writer.put(number) }
    }

    init(_ reader: inout StateReader) throws(StateFault) {
        self.init(
            time: try reader.time(),
            isOK: try reader.bool(),
            code: try reader.small(),
            file: try reader.small(),
            line: try reader.int()
        )
    }
}
