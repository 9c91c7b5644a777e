import AzureLogs
import Basics
import EventStore
import GRDB

/// Writes what the sweep decides into the derived tables.
struct DerivedWriter: SweepSink {
    private let attempts: RowWriter<AttemptColumn>
    private let unexplained: RowInserter<UnexplainedColumn>
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
        var verdict: JourneyOutcome?
        var registration: Int
        var id: Int64
    }

    private var waiting: [Waiting] = []
    private static let mostWaiting = 1 << 13
    /// Whether rows of an earlier run stand.
    private var isResumed: Bool { resumedFrom != nil }
    private var resumedFrom: Int64?
    /// The numbers of attempts that were over before the sweep went on and were written again: a registration that comes
    /// back after days closes one of them.
    private(set) var revised: [Int64] = []

    /// The texts of what is written.
    var words: InternedTexts
    private let totals: RowWriter<RegistrationTotalColumn>
    private let devices: RowWriter<DeviceTotalColumn>
    private let minutes: RowInserter<HubMinuteColumn>
    private let contexts: RowInserter<ContextTotalColumn>
    private let operations: RowInserter<OperationColumn>
    private let marks: RowInserter<HourMarkColumn>
    private let refusals: RowInserter<RefusalRunColumn>
    private let endRefusals: PreparedStatement
    private let failures: RowInserter<FailureRunColumn>
    private let endFailures: PreparedStatement

    init(_ database: Database, _ words: InternedTexts) throws {
        self.words = words
        devices = try RowWriter(database)
        totals = try RowWriter(database)
        attempts = try RowWriter(database, fixed: [.registration])
        minutes = try RowInserter(database, .replaces)
        contexts = try RowInserter(database)
        operations = try RowInserter(database)
        marks = try RowInserter(database, .replaces)
        refusals = try RowInserter(database)
        endRefusals = try PreparedStatement(database, "DELETE FROM refusal_run WHERE device = ? AND module = ?")
        failures = try RowInserter(database)
        endFailures = try PreparedStatement(database, "DELETE FROM failure_run WHERE registration = ? AND run >= ?")
        unexplained = try RowInserter(database, .replaces)
    }

    mutating func attempt(_ attempt: Attempt, _ verdict: JourneyOutcome?, registration: Int, isLatest: Bool) throws {
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
        _ verdict: JourneyOutcome?,
        _ registration: Int,
        id: Int64,
        mayStand: Bool
    ) throws {
        if let resumedFrom, verdict?.isCovered == true, attempt.ended < resumedFrom { revised.append(id) }
        try attempts.write(mayStand: mayStand) { row in
            row.bind(.id, id)
            row.bind(.registration, Int64(registration))
            row.bind(.spelling, Int64(attempt.spelling))
            row.bind(.started, attempt.started)
            row.bind(.ended, attempt.ended)
            row.bind(.outcome, attempt.outcome.rawValue)
            row.bindId(.code, attempt.code)
            row.bind(.context, Int64(attempt.context))
            row.bindId(.dps, attempt.dps)
            row.bindText(.enrollmentGroup, words.text(attempt.group))
            row.bindText(.attestation, words.text(attempt.attestation))
            row.bindId(.network, attempt.network)
            if attempt.duration >= 0 { row.bind(.duration, attempt.duration) } else { row.bindNull(.duration) }
            row.bind(.records, Int64(attempt.records))
            row.bindText(.benign, attempt.isChallenge ? BenignPattern.tpmChallenge.rawValue : "")
            row.bind(.file, Int64(attempt.file))
            row.bind(.line, Int64(attempt.line))
            row.bindId(.hub, verdict?.hub ?? attempt.loggedHub)
            row.bindText(.basis, verdict?.basis ?? "")
            row.bindId(.device, attempt.device)
            row.bindText(.journey, verdict?.journey.rawValue ?? "")
            row.bindText(.reason, verdict?.reason ?? "")
            row.bind(.covered, verdict?.isCovered == true ? 1 : 0)
            if let contact = verdict?.contact {
                row.bind(.contactTime, contact.time)
                row.bindId(.contactHub, verdict?.contactHub ?? 0)
                row.bindId(.contactCode, contact.code)
                row.bind(.contactFile, Int64(contact.file))
                row.bind(.contactLine, Int64(contact.line))
            } else {
                for column in [AttemptColumn.contactTime, .contactHub, .contactCode, .contactFile, .contactLine] {
                    row.bindNull(column)
                }
            }
            row.bindText(.failure, attempt.failureClass?.rawValue ?? "")
        }
    }

    mutating func registrationTotal(_ total: RegistrationTotal, registration: Int) throws {
        try totals.write(mayStand: isResumed) { row in
            row.bind(.registration, Int64(registration))
            row.bindId(.device, Int(total.device))
            row.bindId(.dps, Int(total.dps))
            row.bindText(.enrollmentGroup, words.text(total.group))
            row.bind(.attempts, Int64(total.attempts))
            row.bind(.answered, Int64(total.answered))
            row.bind(.unauthorized, Int64(total.unauthorized))
            row.bindTime(.lastAnswered, total.lastAnswered)
            row.bindTime(.lastAssigned, total.lastAssigned)
            row.bindId(.assignedHub, Int(total.assignedHub))
            row.bind(.hubMoves, Int64(total.hubMoves))
            if total.closest == .max { row.bindNull(.closest) } else { row.bind(.closest, total.closest) }
            row.bind(.failures, Int64(total.failures))
            row.bindTime(.failingSince, total.failingSince)
            row.bindTime(.lastFailed, total.lastFailed)
            row.bindTime(.firstAnswered, total.firstAnswered)
        }
    }

    mutating func deviceTotal(_ total: DeviceTotal, device: Int, registration: Int, isOpen: Bool) throws {
        try devices.write(mayStand: isResumed) { row in
            row.bind(.device, Int64(device))
            row.bindId(.registration, registration)
            row.bindId(.hub, Int(total.hub))
            row.bind(.records, Int64(total.records))
            row.bind(.contacts, Int64(total.contacts))
            row.bind(.connected, Int64(total.connected))
            row.bind(.refused, Int64(total.refused))
            row.bind(.firstTime, total.first)
            row.bind(.lastTime, total.last)
            row.bindTime(.lastConnected, total.lastConnected)
            row.bindTime(.lastRefused, total.lastRefused)
            row.bind(.longestGap, total.longestGap)
            row.bindId(.agent, Int(total.agent))
            row.bindId(.network, Int(total.network))
            row.bindText(.`protocol`, words.text(total.protocolName))
            row.bind(.isOpen, isOpen ? 1 : 0)
            row.bind(.hubChanges, Int64(total.hubChanges))
            row.bindTime(.firstConnected, total.firstConnected)
            row.bindTime(.firstRefused, total.firstRefused)
        }
    }

    mutating func refusals(_ run: FailureRun, device: Int, module: InternedText) throws {
        if isResumed {
            endRefusals.bind(1, Int64(device))
            endRefusals.bind(2, words.text(module))
            try endRefusals.run()
        }
        for tally in run.tallies {
            try refusals.write { row in
                Self.bind(tally, to: row)
                row.bind(.device, Int64(device))
                row.bind(.module, words.text(module))
                row.bindId(.hub, Int(tally.instance))
            }
        }
    }

    mutating func failures(_ run: FailureRun, registration: Int, number: Int, isOpen: Bool) throws {
        for tally in run.tallies {
            try failures.write { row in
                Self.bind(tally, to: row)
                row.bind(.registration, Int64(registration))
                row.bind(.run, Int64(number))
                row.bind(.isOpen, isOpen ? 1 : 0)
                row.bindId(.device, Int(tally.device))
                row.bindId(.dps, Int(tally.instance))
                row.bindText(.enrollmentGroup, words.text(tally.group))
                row.bindText(.attestation, words.text(tally.attestation))
            }
        }
    }

    mutating func forgetFailures(registration: Int, from number: Int) throws {
        endFailures.bind(1, Int64(registration))
        endFailures.bind(2, Int64(number))
        try endFailures.run()
    }

    /// Binds what runs of attempts and of refusals have in common.
    private static func bind<Column: RunColumn>(_ tally: FailureTally, to row: BoundRow<Column>) {
        row.bind(.failure, tally.failure?.rawValue ?? "any")
        row.bind(.failures, Int64(tally.count))
        row.bind(.firstTime, tally.first)
        row.bind(.lastTime, tally.last)
        row.bind(.context, Int64(tally.context))
        row.bind(.code, Int64(tally.code))
        row.bind(.leastCode, Int64(tally.least))
        row.bind(.greatestCode, Int64(tally.greatest))
        row.bind(.codes, Int64(tally.different))
        row.bind(.file, Int64(tally.early.file))
        row.bind(.line, Int64(tally.early.line))
        row.bind(.lastFile, Int64(tally.late.file))
        row.bind(.lastLine, Int64(tally.late.line))
    }

    mutating func minute(_ minute: HubState, hub: Int) throws {
        try minutes.write { row in
            row.bind(.hub, Int64(hub))
            row.bind(.minute, minute.minute * Microseconds.minute)
            row.bind(.drops, Int64(minute.drops))
            row.bind(.refusals, Int64(minute.refusals))
            row.bind(.connects, Int64(minute.connects))
            row.bind(.sessions, Int64(minute.sessionsBefore))
            row.bind(.explained, Int64(minute.explained))
        }
    }

    mutating func contextTotal(_ records: Int, context: Int) throws {
        try contexts.write { row in
            row.bind(.context, Int64(context))
            row.bind(.records, Int64(records))
        }
    }

    mutating func operation(_ event: SweepEvent) throws {
        try operations.write { row in
            row.bind(.time, event.time)
            row.bind(.hash, event.hash)
        }
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
        try marks.write { row in
            row.bind(.hour, hour)
            row.bind(.attempts, Int64(over))
            row.bind(.segment, Int64(segment))
        }
    }

    mutating func unexplained(_ trouble: PendingError) throws {
        try unexplained.write { row in
            row.bind(.time, trouble.event.time)
            row.bind(.hash, trouble.event.hash)
            row.bind(.role, trouble.role.rawValue)
            row.bindId(.code, trouble.code)
            row.bind(.copies, Int64(trouble.event.copies))
            row.bindId(.identity, trouble.event.identity)
            row.bind(.context, Int64(trouble.event.context))
            row.bindId(.network, trouble.event.network)
            row.bindId(.agent, trouble.event.agent)
            row.bind(.file, Int64(trouble.event.file))
            row.bind(.line, Int64(trouble.event.line))
        }
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
