import AzureLogs
import EventStore
import GRDB

/// Writes what the sweep decides into the derived tables.
struct DerivedWriter: SweepSink {
    private let attempts: RowWriter
    private let unexplained: PreparedStatement
    private var explained = ExplainedCounts()
    private(set) var summary = CorrelationSummary()
    /// How many attempts are over: that many numbers are given.
    private(set) var over = 0

    /// The latest attempt of a registration has a number of its own, above all others: this one and the registration's.
    ///
    /// So the rows of registrations that a night says nothing of stay as they are.
    static let latest: Int64 = 1 << 40

    /// Attempts that are over, while the index of the table stands.
    private struct Waiting {
        var attempt: Attempt
        var verdict: JourneyVerdict?
        var registration: Int
        var id: Int64
    }

    private var waiting: [Waiting] = []
    private static let mostWaiting = 1 << 13
    /// Whether rows of an earlier run stand.
    private var isResumed: Bool { resumedFrom != nil }
    private var resumedFrom: Int64?
    /// The numbers of attempts that were over before the sweep went on and were written anew: a registration that comes
    /// back after days closes one of them.
    private(set) var revised: [Int64] = []

    /// The texts of what is written.
    var words: Words
    private let totals: RowWriter
    private let devices: RowWriter
    private let minutes: PreparedStatement
    private let contexts: PreparedStatement
    private let operations: PreparedStatement
    private let marks: PreparedStatement
    private let refusals: PreparedStatement
    private let endRefusals: PreparedStatement
    private let failures: PreparedStatement
    private let endFailures: PreparedStatement

    init(_ database: Database, _ words: Words) throws {
        self.words = words
        devices = try RowWriter(
            database,
            "device_total",
            [
                "device", "registration", "hub", "records", "contacts", "connected", "refused", "first_time",
                "last_time", "last_connected", "last_refused", "longest_gap", "agent", "network", "protocol",
                "is_open", "hub_changes", "first_connected",
            ]
        )
        totals = try RowWriter(
            database,
            "registration_total",
            [
                "registration", "device", "dps", "enrollment_group", "attempts", "answered", "unauthorized",
                "last_answered", "last_assigned", "assigned_hub", "hub_moves", "closest", "failures", "failing_since",
                "last_failed", "first_answered",
            ]
        )
        attempts = try RowWriter(
            database,
            "attempt",
            [
                "id", "registration", "spelling", "started", "ended", "outcome", "code", "context", "dps",
                "enrollment_group", "attestation", "network", "duration", "records", "benign", "file", "line", "hub",
                "basis", "device", "journey", "reason", "covered", "contact_time", "contact_hub", "contact_code",
                "contact_file", "contact_line", "failure",
            ],
            fixed: ["registration"]
        )
        minutes = try PreparedStatement(
            database,
            "INSERT INTO hub_minute(hub, minute, drops, refusals, connects, sessions, explained) VALUES(?, ?, ?, ?, ?, ?, ?)"
        )
        contexts = try PreparedStatement(database, "INSERT INTO context_total(context, records) VALUES(?, ?)")
        operations = try PreparedStatement(database, "INSERT INTO operation(time, hash) VALUES(?, ?)")
        marks = try PreparedStatement(
            database,
            "INSERT OR REPLACE INTO hour_mark(hour, attempts, segment) VALUES(?, ?, ?)"
        )
        refusals = try PreparedStatement(
            database,
            """
            INSERT INTO refusal_run(failure, failures, first_time, last_time, context, code, least_code, greatest_code,
                codes, file, line, last_file, last_line, device, module, hub)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        endRefusals = try PreparedStatement(database, "DELETE FROM refusal_run WHERE device = ? AND module = ?")
        failures = try PreparedStatement(
            database,
            """
            INSERT INTO failure_run(failure, failures, first_time, last_time, context, code, least_code, greatest_code,
                codes, file, line, last_file, last_line, registration, run, is_open, device, dps, enrollment_group,
                attestation)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        endFailures = try PreparedStatement(database, "DELETE FROM failure_run WHERE registration = ? AND run >= ?")
        unexplained = try PreparedStatement(
            database,
            """
            INSERT OR REPLACE INTO unexplained(time, hash, role, code, copies, identity, context, network, agent, file, line)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
    }

    mutating func attempt(_ attempt: Attempt, _ verdict: JourneyVerdict?, registration: Int, isLatest: Bool) throws {
        if isLatest {
            return try write(attempt, verdict, registration, id: Self.latest + Int64(registration), mayStand: isResumed)
        }
        over += 1
        guard isResumed else {
            return try write(attempt, verdict, registration, id: Int64(over), mayStand: false)
        }
        waiting.append(Waiting(attempt: attempt, verdict: verdict, registration: registration, id: Int64(over)))
        if waiting.count >= Self.mostWaiting { try writeWaiting() }
    }

    /// Writes the attempts that wait, in the order of the index: each of its pages is then gone to once.
    private mutating func writeWaiting() throws {
        for one in waiting.sorted(by: { ($0.registration, $0.id) < ($1.registration, $1.id) }) {
            try write(one.attempt, one.verdict, one.registration, id: one.id, mayStand: false)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private mutating func write(
        _ attempt: Attempt,
        _ verdict: JourneyVerdict?,
        _ registration: Int,
        id: Int64,
        mayStand: Bool
    ) throws {
        if let resumedFrom, verdict?.isCovered == true, attempt.ended < resumedFrom { revised.append(id) }
        try attempts.write(mayStand: mayStand) { row in
            row.bind(1, id)
            row.bind(2, Int64(registration))
            row.bind(3, Int64(attempt.spelling))
            row.bind(4, attempt.started)
            row.bind(5, attempt.ended)
            row.bind(6, attempt.outcome.rawValue)
            row.bindId(7, attempt.code)
            row.bind(8, Int64(attempt.context))
            row.bindId(9, attempt.dps)
            row.bindText(10, words.text(attempt.group))
            row.bindText(11, words.text(attempt.attestation))
            row.bindId(12, attempt.network)
            if attempt.duration >= 0 { row.bind(13, attempt.duration) } else { row.bindNull(13) }
            row.bind(14, Int64(attempt.records))
            row.bindText(15, attempt.isChallenge ? BenignPattern.tpmChallenge.rawValue : "")
            row.bind(16, Int64(attempt.file))
            row.bind(17, Int64(attempt.line))
            row.bindId(18, verdict?.hub ?? attempt.loggedHub)
            row.bindText(19, verdict?.basis ?? "")
            row.bindId(20, attempt.device)
            row.bindText(21, verdict?.journey.rawValue ?? "")
            row.bindText(22, verdict?.reason ?? "")
            row.bind(23, verdict?.isCovered == true ? 1 : 0)
            if let contact = verdict?.contact {
                row.bind(24, contact.time)
                row.bindId(25, verdict?.contactHub ?? 0)
                row.bindId(26, contact.code)
                row.bind(27, Int64(contact.file))
                row.bind(28, Int64(contact.line))
            } else {
                for column in Int32(24)...28 { row.bindNull(column) }
            }
            row.bindText(29, attempt.failureClass?.rawValue ?? "")
        }
    }

    mutating func total(_ total: RegistrationTotal, registration: Int) throws {
        try totals.write(mayStand: isResumed) { row in
            row.bind(1, Int64(registration))
            row.bindId(2, Int(total.device))
            row.bindId(3, Int(total.dps))
            row.bindText(4, words.text(total.group))
            row.bind(5, Int64(total.attempts))
            row.bind(6, Int64(total.answered))
            row.bind(7, Int64(total.unauthorized))
            row.bindTime(8, total.lastAnswered)
            row.bindTime(9, total.lastAssigned)
            row.bindId(10, Int(total.assignedHub))
            row.bind(11, Int64(total.hubMoves))
            if total.closest == .max { row.bindNull(12) } else { row.bind(12, total.closest) }
            row.bind(13, Int64(total.failures))
            row.bindTime(14, total.failingSince)
            row.bindTime(15, total.lastFailed)
            row.bindTime(16, total.firstAnswered)
        }
    }

    mutating func total(_ total: DeviceTotal, device: Int, registration: Int, isOpen: Bool) throws {
        try devices.write(mayStand: isResumed) { row in
            row.bind(1, Int64(device))
            row.bindId(2, registration)
            row.bindId(3, Int(total.hub))
            row.bind(4, Int64(total.records))
            row.bind(5, Int64(total.contacts))
            row.bind(6, Int64(total.connected))
            row.bind(7, Int64(total.refused))
            row.bind(8, total.first)
            row.bind(9, total.last)
            row.bindTime(10, total.lastConnected)
            row.bindTime(11, total.lastRefused)
            row.bind(12, total.longestGap)
            row.bindId(13, Int(total.agent))
            row.bindId(14, Int(total.network))
            row.bindText(15, words.text(total.protocolName))
            row.bind(16, isOpen ? 1 : 0)
            row.bind(17, Int64(total.hubChanges))
            row.bindTime(18, total.firstConnected)
        }
    }

    mutating func refusals(_ run: FailureRun, device: Int, module: Word) throws {
        if isResumed {
            endRefusals.bind(1, Int64(device))
            endRefusals.bind(2, words.text(module))
            try endRefusals.run()
        }
        for tally in run.tallies {
            Self.bind(tally, to: refusals)
            refusals.bind(14, Int64(device))
            refusals.bind(15, words.text(module))
            refusals.bindId(16, Int(tally.instance))
            try refusals.run()
        }
    }

    mutating func failures(_ run: FailureRun, registration: Int, number: Int, isOpen: Bool) throws {
        for tally in run.tallies {
            Self.bind(tally, to: failures)
            failures.bind(14, Int64(registration))
            failures.bind(15, Int64(number))
            failures.bind(16, isOpen ? 1 : 0)
            failures.bindId(17, Int(tally.device))
            failures.bindId(18, Int(tally.instance))
            failures.bindText(19, words.text(tally.group))
            failures.bindText(20, words.text(tally.attestation))
            try failures.run()
        }
    }

    mutating func forgetFailures(registration: Int, from number: Int) throws {
        endFailures.bind(1, Int64(registration))
        endFailures.bind(2, Int64(number))
        try endFailures.run()
    }

    /// Binds what runs of attempts and of refusals have in common.
    private static func bind(_ tally: FailureTally, to row: PreparedStatement) {
        row.bind(1, tally.failure?.rawValue ?? "any")
        row.bind(2, Int64(tally.count))
        row.bind(3, tally.first)
        row.bind(4, tally.last)
        row.bind(5, Int64(tally.context))
        row.bind(6, Int64(tally.code))
        row.bind(7, Int64(tally.least))
        row.bind(8, Int64(tally.greatest))
        row.bind(9, Int64(tally.different))
        row.bind(10, Int64(tally.early.file))
        row.bind(11, Int64(tally.early.line))
        row.bind(12, Int64(tally.late.file))
        row.bind(13, Int64(tally.late.line))
    }

    mutating func minute(_ minute: HubState, hub: Int) throws {
        minutes.bind(1, Int64(hub))
        minutes.bind(2, minute.minute * 60_000_000)
        minutes.bind(3, Int64(minute.drops))
        minutes.bind(4, Int64(minute.refusals))
        minutes.bind(5, Int64(minute.connects))
        minutes.bind(6, Int64(minute.sessionsBefore))
        minutes.bind(7, Int64(minute.explained))
        try minutes.run()
    }

    mutating func total(_ records: Int, context: Int) throws {
        contexts.bind(1, Int64(context))
        contexts.bind(2, Int64(records))
        try contexts.run()
    }

    mutating func operation(_ event: SweepEvent) throws {
        operations.bind(1, event.time)
        operations.bind(2, event.hash)
        try operations.run()
    }

    /// Goes on behind attempts that stand already.
    ///
    /// - Parameter time: where the sweep goes on, in microseconds since 1970.
    mutating func go(on attempts: Int, from time: Int64) {
        over = attempts
        resumedFrom = time
    }

    /// Notes how many attempts were over when an hour began, and into which segment of `device_times` its events go.
    func mark(hour: Int64, segment: Int) throws {
        marks.bind(1, hour)
        marks.bind(2, Int64(over))
        marks.bind(3, Int64(segment))
        try marks.run()
    }

    mutating func unexplained(_ trouble: PendingError) throws {
        unexplained.bind(1, trouble.event.time)
        unexplained.bind(2, trouble.event.hash)
        unexplained.bind(3, trouble.role.rawValue)
        unexplained.bindId(4, trouble.code)
        unexplained.bind(5, Int64(trouble.event.copies))
        unexplained.bindId(6, trouble.event.identity)
        unexplained.bind(7, Int64(trouble.event.context))
        unexplained.bindId(8, trouble.event.network)
        unexplained.bindId(9, trouble.event.agent)
        unexplained.bind(10, Int64(trouble.event.file))
        unexplained.bind(11, Int64(trouble.event.line))
        try unexplained.run()
        summary.unexplained += trouble.event.copies
    }

    mutating func explained(_ pattern: BenignPattern, time: Int64, identity: Int, instance: Int, records: Int) throws {
        explained.add(pattern, time: time, identity: identity, instance: instance, records: records)
        summary.explained += records
    }

    /// Writes what was only counted so far as a part of a checkpoint.
    func write(_ writer: inout StateWriter) throws { try explained.write(&writer) }

    /// Goes back to before anything was taken up.
    mutating func forget() { explained = ExplainedCounts() }

    /// Takes up what a checkpoint holds.
    mutating func restore(_ reader: inout StateReader) throws(StateFault) { try explained.restore(&reader) }

    /// Deletes the rows that count errors since a time, and takes care that what stays of their counts is written again.
    mutating func reopenExplained(since time: Int64, _ database: Database) throws {
        try explained.reopen(since: time, database)
    }

    /// Writes what was only counted so far, and what waits.
    mutating func finish(_ database: Database) throws {
        try writeWaiting()
        try explained.finish(mayStand: isResumed, database)
    }
}

/// What a correlation found, in numbers.
public struct CorrelationSummary: Sendable, Hashable {
    /// Registration attempts.
    public var attempts = 0
    /// Records of errors that a benign pattern explains.
    public var explained = 0
    /// Records of errors that nothing explains.
    public var unexplained = 0
    /// The time of the checkpoint from which the sweep went on, in microseconds; nil if it began at the first event.
    public var resumedFrom: Int64?
    /// Whether nothing had changed, and the numbers are not counted anew.
    public var isCurrent = false
    /// Whether the events were swept while they were stored.
    public var isLive = false
}
