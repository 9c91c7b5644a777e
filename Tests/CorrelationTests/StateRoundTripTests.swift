import AzureLogs
import Testing

@testable import Correlation

/// Whatever the sweep keeps comes back from a checkpoint: a property that nobody writes down is found here by reflection.
@Suite struct StateRoundTripTests {
    /// Every stored value of a thing by its path, with the elements of lists and what optionals hold.
    private static func leaves(_ value: Any, _ path: String = "", into leaves: inout [String: String]) {
        let mirror = Mirror(reflecting: value)
        // What is in a vector, its mirror does not tell.
        if value is any SIMD || mirror.children.isEmpty || mirror.displayStyle == .enum {
            leaves[path] = "\(value)"
            return
        }
        for (index, child) in mirror.children.enumerated() {
            Self.leaves(child.value, path + "/" + (child.label ?? "\(index)"), into: &leaves)
        }
    }

    private static func leaves(_ value: Any) -> [String: String] {
        var all: [String: String] = [:]
        leaves(value, into: &all)
        return all
    }

    /// Writes and reads a thing, and expects that each of its stored values is another than that of a new one, and comes back.
    ///
    /// - Parameter derived: what a new one has as well, and what is not kept on purpose.
    private static func expectRoundTrip<State>(
        _ filled: State,
        unlike fresh: State,
        except derived: Set<String> = [],
        _ write: (State, inout StateWriter) -> Void,
        _ read: (inout StateReader) throws(StateFault) -> State
    ) throws {
        let (values, defaults) = (leaves(filled), leaves(fresh))
        for (path, value) in values where !derived.contains(path) {
            #expect(defaults[path] != value, "fill \(path) in this test: it is \(value), as in a new state")
        }
        for path in defaults.keys where !derived.contains(path) {
            #expect(values.keys.contains { $0.hasPrefix(path) }, "fill \(path) in this test")
        }
        var bytes: [[UInt8]] = []
        var writer = StateWriter(base: 5_000_000) { bytes.append($0) }
        write(filled, &writer)
        try writer.finish()
        var parts = bytes[...]
        var reader = StateReader(base: 5_000_000) { () throws(StateFault) in parts.popFirst() }
        reader.words = (0..<40).map { InternedText(id: $0) }
        try reader.beginEntry()
        #expect(leaves(try read(&reader)) == values)
    }

    private static func place(_ number: Int) -> RecordPlace { RecordPlace(file: number, line: number + 100) }

    private static var tally: FailureTally {
        var tally = FailureTally(failure: .certificate, count: 2, first: 11, last: 12, code: 401_002, context: 13)
        (tally.least, tally.greatest) = (401_000, 401_003)
        (tally.codes, tally.different) = (SIMD4(401_002, 401_000, 401_003, 0), 3)
        (tally.instance, tally.device, tally.group, tally.attestation) = (
            14, 15, InternedText(id: 16), InternedText(id: 17)
        )
        (tally.early, tally.late, tally.latest) = (place(1), place(2), place(3))
        return tally
    }

    private static func contact(_ number: Int) -> Contact {
        Contact(time: Int64(number), isOK: true, code: number + 1, file: number + 2, line: number + 3)
    }

    private static var attempt: Attempt {
        var attempt = Attempt()
        (attempt.spelling, attempt.started, attempt.ended, attempt.last) = (1, 2, 3, 4)
        (attempt.outcome, attempt.code, attempt.failure, attempt.context) = (.failed, 5, .server, 6)
        (attempt.dps, attempt.group, attempt.attestation, attempt.network) = (
            7, InternedText(id: 8), InternedText(id: 9), 10
        )
        (attempt.duration, attempt.records, attempt.categories, attempt.correlation) = (11, 12, 3, 13)
        (attempt.isChallenge, attempt.file, attempt.line, attempt.loggedHub) = (true, 14, 15, 16)
        (attempt.target, attempt.device, attempt.hasUnplacedContact, attempt.knownHubs) = (17, 18, true, [19])
        (attempt.openHub, attempt.openEnded, attempt.openWasAlive) = (20, 21, true)
        attempt.visits = [Visit(hub: 22, first: contact(23), accepted: contact(30), isSeen: true)]
        return attempt
    }

    private static var channel: DeviceChannel {
        var channel = DeviceChannel()
        (channel.sessionHub, channel.sessionNetwork, channel.sessionAgent) = (1, 2, 3)
        (channel.lastContact, channel.lastContactNetwork, channel.lastContactAgent) = (contact(4), 5, 6)
        (channel.lastDrop, channel.lastTakeover, channel.busySpan) = (7, 8, 9)
        var event = SweepEvent()
        (event.time, event.hash, event.identity, event.context, event.network) = (1, 2, 3, 4, 5)
        (event.agent, event.target, event.duration, event.correlation) = (6, 7, 9, 10)
        (event.copies, event.file, event.line) = (11, 12, 13)
        channel.pending = [
            PendingError(
                event: event,
                role: .takeover,
                code: 14,
                hub: 15,
                sessionNetwork: 16,
                sessionAgent: 17,
                isRefusal: true
            )
        ]
        channel.connects.recent = SIMD8(1, 2, 3, 4, 5, 6, 7, 8)
        channel.connects.next = 3
        (channel.runs.refusals, channel.runs.hub, channel.runs.takeovers, channel.runs.lastTakeover) = (1, 2, 3, 4)
        channel.refusals = FailureRun([tally])
        return channel
    }

    @Test func anAttemptComesBack() throws {
        try Self.expectRoundTrip(Self.attempt, unlike: Attempt(), { $0.write(&$1) }) { (reader) throws(StateFault) in
            try Attempt(&reader)
        }
    }

    @Test func aRunOfFailuresComesBack() throws {
        // The fourth lane of the codes is never used.
        try Self.expectRoundTrip(Self.tally, unlike: FailureTally(), { $0.write(&$1) }) { (reader) throws(StateFault) in
            try FailureTally(&reader)
        }
    }

    @Test func aChannelComesBack() throws {
        // While events are stored only: a checkpoint stands between events.
        try Self.expectRoundTrip(
            Self.channel,
            unlike: DeviceChannel(),
            except: ["/pending/0/event/_turn/stored"],
            { $0.write(&$1) }
        ) { (reader) throws(StateFault) in try DeviceChannel(&reader) }
    }

    @Test func aDeviceComesBack() throws {
        var device = DeviceState()
        device.own = Self.channel
        (device.openChannels, device.sessionHub, device.lastContact, device.lastContactHub) = (1, 2, Self.contact(3), 4)
        (device.hubs, device.watchedSince, device.registration) = ([5], 6, 7)
        (device.hubChanges.count, device.hubChanges.last) = (8, 9)
        var total = DeviceTotal()
        (total.records, total.contacts, total.connected, total.refused) = (1, 2, 3, 4)
        (total.firstConnected, total.hub, total.agent, total.network) = (5, 6, 7, 8)
        (total.protocolName, total.first, total.last) = (InternedText(id: 9), 10, 11)
        (total.lastConnected, total.lastRefused, total.longestGap) = (12, 13, 14)
        total.firstRefused = 19
        (total.dropMinute, total.explainedMinute, total.acceptedBy, total.hubChanges) = (15, 16, 17, 18)
        device.total = total
        try Self.expectRoundTrip(
            device,
            unlike: DeviceState(),
            except: ["/own/pending/0/event/_turn/stored"],
            { $0.write(&$1) }
        ) { (reader) throws(StateFault) in try DeviceState(&reader) }
    }

    @Test func aRegistrationComesBack() throws {
        var total = RegistrationTotal()
        (total.attempts, total.answered, total.unauthorized, total.failures) = (1, 2, 3, 4)
        (total.failingSince, total.lastFailed, total.device, total.dps) = (5, 6, 7, 8)
        (total.firstAnswered, total.lastAnswered, total.lastAssigned, total.assignedHub) = (9, 10, 11, 12)
        (total.hubMoves, total.begun, total.closest, total.group) = (13, (14, 15), 16, InternedText(id: 17))
        let state = RegistrationState(
            attempt: Self.attempt,
            hasFailed: true,
            total: total,
            failures: FailureRun([Self.tally])
        )
        try Self.expectRoundTrip(state, unlike: RegistrationState(), { $0.write(&$1) }) {
            (reader) throws(StateFault) in try RegistrationState(&reader)
        }
    }
}
