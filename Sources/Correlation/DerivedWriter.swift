import EventStore
import GRDB

/// Writes what the sweep decides into the derived tables.
struct DerivedWriter: SweepSink {
    /// Pattern, instance and identity in one number, which is found several times faster than the three.
    private struct ExplainedKey: Hashable {
        private static let patterns = BenignPattern.allCases
        let bits: UInt64

        init(pattern: Int, identity: Int, instance: Int) {
            bits = UInt64(pattern) << 56 | UInt64(instance) << 32 | UInt64(identity)
        }

        var pattern: BenignPattern { Self.patterns[patternNumber] }
        var patternNumber: Int { Int(bits >> 56) }
        var instance: Int { Int(bits >> 32 & 0xFF_FFFF) }
        var identity: Int { Int(bits & 0xFFFF_FFFF) }
    }

    private struct ExplainedValue {
        var events = 0
        var first: Int64
        var last: Int64

        mutating func add(_ records: Int, at time: Int64) {
            events += records
            first = min(first, time)
            last = max(last, time)
        }
    }

    private let attempts: PreparedStatement
    private let troubles: PreparedStatement
    private var explained: [ExplainedKey: ExplainedValue] = [:]
    private(set) var summary = CorrelationSummary()

    private let words: Words
    private let totals: PreparedStatement
    private let devices: PreparedStatement
    private let minutes: PreparedStatement
    private let contexts: PreparedStatement
    private let operations: PreparedStatement
    private let marks: PreparedStatement

    init(_ database: Database, _ words: Words) throws {
        self.words = words
        devices = try PreparedStatement(
            database,
            """
            INSERT INTO device_total(device, registration, hub, records, contacts, connected, refused, first_time,
                last_time, last_connected, last_refused, longest_gap, agent, network, protocol, is_open, hub_changes)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
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
        totals = try PreparedStatement(
            database,
            """
            INSERT INTO registration_total(registration, device, dps, enrollment_group, attempts, answered, unauthorized)
            VALUES(?, ?, ?, ?, ?, ?, ?)
            """
        )
        attempts = try PreparedStatement(
            database,
            """
            INSERT INTO attempt(id, registration, spelling, started, ended, outcome, code, context, dps, enrollment_group,
                attestation, network, duration, records, benign, file, line, hub, basis, device, journey, reason, covered,
                contact_time, contact_hub, contact_code, contact_file, contact_line)
            VALUES(?28, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
            """
        )
        troubles = try PreparedStatement(
            database,
            "INSERT OR REPLACE INTO unexplained(time, hash, role, code, copies) VALUES(?, ?, ?, ?, ?)"
        )
    }

    mutating func attempt(_ attempt: Attempt, _ verdict: JourneyVerdict?, registration: Int) throws {
        let row = attempts
        row.bind(1, Int64(registration))
        row.bind(2, Int64(attempt.spelling))
        row.bind(3, attempt.started)
        row.bind(4, attempt.ended)
        row.bind(5, attempt.outcome.rawValue)
        row.bindId(6, attempt.code)
        row.bind(7, Int64(attempt.context))
        row.bindId(8, attempt.dps)
        text(9, words.text(attempt.group))
        text(10, words.text(attempt.attestation))
        row.bindId(11, attempt.network)
        if attempt.duration >= 0 { row.bind(12, attempt.duration) } else { row.bindNull(12) }
        row.bind(13, Int64(attempt.records))
        text(14, attempt.isChallenge ? BenignPattern.tpmChallenge.rawValue : "")
        row.bind(15, Int64(attempt.file))
        row.bind(16, Int64(attempt.line))
        row.bindId(17, verdict?.hub ?? attempt.loggedHub)
        text(18, verdict?.basis ?? "")
        row.bindId(19, attempt.device)
        text(20, verdict?.journey.rawValue ?? "")
        text(21, verdict?.reason ?? "")
        row.bind(22, verdict?.isCovered == true ? 1 : 0)
        if let contact = verdict?.contact {
            row.bind(23, contact.time)
            row.bindId(24, verdict?.contactHub ?? 0)
            row.bindId(25, contact.code)
            row.bind(26, Int64(contact.file))
            row.bind(27, Int64(contact.line))
        } else {
            for column in Int32(23)...27 { row.bindNull(column) }
        }
        summary.attempts += 1
        row.bind(28, Int64(summary.attempts))
        try row.run()
    }

    private func text(_ column: Int32, _ value: String) {
        if value.isEmpty { attempts.bindNull(column) } else { attempts.bind(column, value) }
    }

    mutating func total(_ total: RegistrationTotal, registration: Int) throws {
        totals.bind(1, Int64(registration))
        totals.bindId(2, Int(total.device))
        totals.bindId(3, Int(total.dps))
        if total.group.isEmpty { totals.bindNull(4) } else { totals.bind(4, words.text(total.group)) }
        totals.bind(5, Int64(total.attempts))
        totals.bind(6, Int64(total.answered))
        totals.bind(7, Int64(total.unauthorized))
        try totals.run()
    }

    mutating func total(_ total: DeviceTotal, device: Int, registration: Int, isOpen: Bool) throws {
        let row = devices
        row.bind(1, Int64(device))
        row.bindId(2, registration)
        row.bindId(3, Int(total.hub))
        row.bind(4, Int64(total.records))
        row.bind(5, Int64(total.contacts))
        row.bind(6, Int64(total.connected))
        row.bind(7, Int64(total.refused))
        row.bind(8, total.first)
        row.bind(9, total.last)
        if total.lastConnected == .min { row.bindNull(10) } else { row.bind(10, total.lastConnected) }
        if total.lastRefused == .min { row.bindNull(11) } else { row.bind(11, total.lastRefused) }
        row.bind(12, total.longestGap)
        row.bindId(13, Int(total.agent))
        row.bindId(14, Int(total.network))
        if total.protocolName.isEmpty { row.bindNull(15) } else { row.bind(15, words.text(total.protocolName)) }
        row.bind(16, isOpen ? 1 : 0)
        row.bind(17, Int64(total.hubChanges))
        try row.run()
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
    mutating func go(on attempts: Int) { summary.attempts = attempts }

    /// Notes how many attempts were over when an hour began, and into which segment of `device_times` its events go.
    func mark(hour: Int64, segment: Int) throws {
        marks.bind(1, hour)
        marks.bind(2, Int64(summary.attempts))
        marks.bind(3, Int64(segment))
        try marks.run()
    }

    mutating func unexplained(_ trouble: PendingTrouble) throws {
        troubles.bind(1, trouble.event.time)
        troubles.bind(2, trouble.event.hash)
        troubles.bind(3, trouble.role.rawValue)
        troubles.bindId(4, trouble.code)
        troubles.bind(5, Int64(trouble.event.copies))
        try troubles.run()
        summary.unexplained += trouble.event.copies
    }

    mutating func explained(_ pattern: BenignPattern, time: Int64, identity: Int, instance: Int, records: Int) throws {
        let key = ExplainedKey(pattern: pattern.number, identity: identity, instance: instance)
        explained[key, default: ExplainedValue(first: time, last: time)].add(records, at: time)
        summary.explained += records
    }

    /// Writes what was only counted so far as a part of a checkpoint.
    func write(_ writer: inout StateWriter) {
        writer.put(explained.sorted { $0.key.bits < $1.key.bits }) { writer, entry in
            writer.put(entry.key.patternNumber)
            writer.put(entry.key.identity)
            writer.put(entry.key.instance)
            writer.put(entry.value.events)
            writer.put(time: entry.value.first)
            writer.put(time: entry.value.last)
        }
    }

    /// Takes up what a checkpoint holds.
    mutating func restore(_ reader: inout StateReader) throws(StateFault) {
        let patterns = BenignPattern.allCases.count
        for _ in 0..<(try reader.index(below: .max)) {
            let key = ExplainedKey(
                pattern: try reader.index(below: patterns),
                identity: try reader.index(below: 1 << 32),
                instance: try reader.index(below: 1 << 24)
            )
            let events = try reader.int()
            explained[key] = ExplainedValue(events: events, first: try reader.time(), last: try reader.time())
        }
    }

    /// Writes what was only counted so far.
    func finish(_ database: Database) throws {
        let statement = try PreparedStatement(
            database,
            "INSERT INTO explained(pattern, identity, instance, events, first_time, last_time) VALUES(?, ?, ?, ?, ?, ?)"
        )
        // Any order gives the same rows: the key decides where they stand.
        for (key, value) in explained where key.instance != 0 {
            statement.bind(1, key.pattern.rawValue)
            statement.bind(2, Int64(key.identity))
            statement.bind(3, Int64(key.instance))
            statement.bind(4, Int64(value.events))
            statement.bind(5, value.first)
            statement.bind(6, value.last)
            try statement.run()
        }
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
}
