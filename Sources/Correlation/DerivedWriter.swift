import EventStore
import GRDB

/// Writes what the sweep decides into the derived tables.
struct DerivedWriter: SweepSink {
    private struct ExplainedKey: Hashable {
        var pattern: String
        var identity: Int
        var instance: Int
    }

    private struct ExplainedValue {
        var events = 0
        var first: Int64
        var last: Int64
    }

    private let attempts: PreparedStatement
    private let troubles: PreparedStatement
    private var explained: [ExplainedKey: ExplainedValue] = [:]
    private(set) var summary = CorrelationSummary()

    private let words: Words
    private let totals: PreparedStatement

    init(_ database: Database, _ words: Words) throws {
        self.words = words
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
            INSERT INTO attempt(registration, spelling, started, ended, outcome, code, context, dps, enrollment_group,
                attestation, network, duration, records, benign, file, line, hub, basis, device, journey, reason, covered,
                contact_time, contact_hub, contact_code, contact_file, contact_line)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        )
        troubles = try PreparedStatement(
            database,
            "INSERT OR REPLACE INTO unexplained(time, hash, role) VALUES(?, ?, ?)"
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
        try row.run()
        summary.attempts += 1
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

    mutating func unexplained(_ trouble: PendingTrouble) throws {
        troubles.bind(1, trouble.event.time)
        troubles.bind(2, trouble.event.hash)
        troubles.bind(3, trouble.role.rawValue)
        try troubles.run()
        summary.unexplained += trouble.event.copies
    }

    mutating func explained(_ pattern: BenignPattern, time: Int64, identity: Int, instance: Int, records: Int) throws {
        let key = ExplainedKey(pattern: pattern.rawValue, identity: identity, instance: instance)
        var value = explained[key] ?? ExplainedValue(first: time, last: time)
        value.events += records
        value.first = min(value.first, time)
        value.last = max(value.last, time)
        explained[key] = value
        summary.explained += records
    }

    /// Writes what was only counted so far.
    func finish(_ database: Database) throws {
        let statement = try PreparedStatement(
            database,
            "INSERT INTO explained(pattern, identity, instance, events, first_time, last_time) VALUES(?, ?, ?, ?, ?, ?)"
        )
        // Any order gives the same rows: the key decides where they stand.
        for (key, value) in explained where key.instance != 0 {
            statement.bind(1, key.pattern)
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
    /// Whether nothing had changed, and the numbers are not counted anew.
    public var isCurrent = false
}
