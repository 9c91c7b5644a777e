import AzureLogs
import Basics
public import EventStore
import GRDB

/// What is known of one device: its attempts and everything that hubs said of it, in one order.
public struct DeviceStory: Sendable, Hashable {
    /// What a line of the timeline is to the device.
    public enum Event: Sendable, Hashable {
        /// A hub accepted a connection.
        case connected
        /// A hub refused one.
        case refused
        /// The device closed its connection.
        case ended
        /// The connection was lost.
        case dropped
        /// DPS assigned a hub, or accepted the attestation.
        case letIn
        /// DPS refused, disabled or throttled.
        case turnedAway
        /// Anything else.
        case other
    }

    /// Whether DPS logs of the time were read in which hubs tell of the device.
    public enum DPSLogs: Sendable, Hashable {
        /// None.
        case none
        /// Some, with a record or file that could not be read, `file:line`.
        case partly(String)
        /// All that hold the time.
        case whole
    }

    /// What an export says of the device's enrollment.
    public struct Enrollment: Sendable, Hashable {
        /// `enabled` or `disabled`.
        public var status: String
        /// When it was last changed, microseconds since 1970.
        public var updated: Int64?
    }

    /// What an export says of the device's registration.
    public struct Record: Sendable, Hashable {
        /// `assigned`, `failed` and so on, as exported.
        public var status: String
        /// The code of the failure, nil if there is none.
        public var code: Int?
        /// The words of the failure, nil if there are none.
        public var message: String?
        /// When it was last changed, microseconds since 1970.
        public var updated: Int64?
    }

    /// One line of the timeline.
    public struct Entry: Sendable, Hashable {
        /// Microseconds since 1970.
        public var time: Int64
        /// `dps` or `hub`.
        public var service: String
        /// The instance's name.
        public var instance: String
        /// What happened, in words.
        public var what: String
        /// The module of the device that it is about; empty for the device itself.
        public var module = ""
        /// What it is to the device.
        public var event: Event
        /// The code, nil if none was logged.
        public var code: Int?
        /// What the service says of the error in its own words, nil if nothing.
        public var message: String?
        /// Whether it is an error that normal life explains.
        public var isExplained: Bool
        /// Whether it is an error.
        public var isError: Bool
        /// What became of the error, in words; nil for one that normal life explains, and where nobody said.
        public var standing: String?
        /// Where it stands, `file:line`.
        public var evidence: String
    }

    /// The latest attempt with its journey.
    public struct Attempt: Sendable, Hashable {
        /// Microseconds since 1970.
        public var time: Int64
        /// What DPS said.
        public var outcome: String
        /// The code, nil if none was logged.
        public var code: Int?
        /// The hub, nil if it is not known.
        public var hub: String?
        /// How the hub is known.
        public var basis: String?
        /// How the journey ended.
        public var journey: String?
        /// Why it is judged so.
        public var reason: String?
        /// The record that decides, `file:line`; where a rejected one does, that one.
        public var contactPlace: String?
    }

    /// The spellings of the id under which something was found.
    public var names: [String]
    /// The enrollment's group, as far as logged.
    public var group: String?
    /// How it attests, as far as logged.
    public var attestation: String?
    /// The latest attempt, nil if DPS never saw it.
    public var latest: Attempt?
    /// Its own enrollment, nil if no export was read that has it.
    public var enrollment: Enrollment?
    /// Its newest registration record, nil if no export was read that has it.
    public var record: Record?
    /// Whether DPS logs of the time were read.
    public var dpsLogs = DPSLogs.none
    /// Attempts in all.
    public var attempts: Int
    /// Time of the last connection that a hub accepted.
    public var lastConnected: Int64?
    /// The timeline, oldest first.
    public var entries: [Entry]

    /// Tells the story of an id, which may be a registration id in any case, or a device id.
    ///
    /// - Returns: nil if nothing is known under this id.
    /// - Throws: `DatabaseError`.
    public static func load(_ id: String, from database: LogDatabase) throws -> DeviceStory? {
        try database.access.read { connection in
            let folded = id.lowercased()
            let identities = try CheckedRow.all(
                connection,
                sql: """
                    SELECT id, name FROM identity WHERE folded = ?
                    UNION
                    SELECT d.id, d.name FROM attempt a
                    JOIN identity d ON d.id = a.device
                    WHERE a.registration IN (SELECT id FROM identity WHERE folded = ?)
                    UNION
                    SELECT r.id, r.name FROM attempt a
                    JOIN identity r ON r.id = a.spelling
                    WHERE a.device IN (SELECT id FROM identity WHERE folded = ?) AND a.device <> a.spelling
                    ORDER BY 2
                    """,
                arguments: [folded, folded, folded]
            )
            let ids = try identities.map { try $0[0] as Int }
            let entries = try ids.flatMap { try timeline($0, connection) }
            if entries.isEmpty { return nil }
            var story = DeviceStory(
                names: try identities.map { try $0[1] },
                attempts: 0,
                entries: entries.sorted {
                    ($0.time, $0.rank, $0.what, $0.evidence) < ($1.time, $1.rank, $1.what, $1.evidence)
                }
            )
            try addAttempts(&story, ids, connection)
            try addSurroundings(&story, connection)
            story.lastConnected = story.entries.last { $0.event == .connected }?.time
            return story
        }
    }

    private static func timeline(_ identity: Int, _ connection: Database) throws -> [Entry] {
        // The times come from the index of the correlation, so that no other device's events are read.
        let row = try PreparedStatement(
            connection,
            """
            SELECT e.time, c.service, c.instance, c.kind, c.outcome, c.code, c.operation, c.assigned_hub,
                u.time IS NULL AS explained, f.path || ':' || e.line AS evidence, e.copies,
                c.module, c.error_message, c.result_description
            FROM event e
            JOIN context c ON c.id = e.context
            JOIN file f ON f.id = e.file
            LEFT JOIN unexplained u ON u.time = e.time AND u.hash = e.hash
            WHERE e.time = ? AND e.identity = ?
            ORDER BY e.hash
            """
        )
        var entries: [Entry] = []
        for time in try DeviceTimes.times(of: identity, connection) {
            row.bind(1, time)
            row.bind(2, Int64(identity))
            while try row.next() {
                let (kind, outcome) = (row.text(3), row.text(4))
                let isHubError =
                    (kind == "connect" && outcome == "refused") || (kind == "disconnect" && outcome == "dropped")
                let copies = Int(row.integer(10))
                entries.append(
                    Entry(
                        time: row.integer(0),
                        service: row.text(1),
                        instance: row.text(2),
                        what: words(kind, outcome, operation: row.text(6), hub: row.text(7), copies: copies),
                        module: row.text(11),
                        event: event(kind, outcome, row.isNull(5) ? 0 : Int(row.integer(5))),
                        code: row.isNull(5) ? nil : Int(row.integer(5)),
                        message: [row.text(12), row.text(13)].first { !$0.isEmpty },
                        isExplained: isHubError && row.integer(8) != 0,
                        isError: isHubError || ["failed", "disabled", "throttled"].contains(outcome),
                        evidence: row.text(9)
                    )
                )
            }
        }
        return entries
    }

    /// A hub that turns a device away may log it as the end of a connection.
    private static func event(_ kind: String, _ outcome: String, _ code: Int) -> Event {
        switch (kind, outcome) {
        case ("connect", "connected"): .connected
        case ("connect", "refused"): .refused
        case ("disconnect", "closed"): .ended
        case ("disconnect", "dropped"):
            HubCode.isRefusal(code) ? .refused : .dropped
        case ("registration", "assigned"), ("registration", "accepted"): .letIn
        case ("registration", "failed"), ("registration", "disabled"), ("registration", "throttled"): .turnedAway
        default: .other
        }
    }

    /// What exports and the coverage say beside the device's own records.
    private static func addSurroundings(_ story: inout DeviceStory, _ connection: Database) throws {
        for name in story.names {
            let row = try CheckedRow.one(
                connection,
                sql: """
                    SELECT status, updated FROM enrollment
                    WHERE kind = 'individual' AND (folded = ? OR device_id = ?) AND status <> ''
                    ORDER BY updated DESC, hash LIMIT 1
                    """,
                arguments: [name.lowercased(), name]
            )
            if let row, story.enrollment == nil { story.enrollment = try Enrollment(status: row[0], updated: row[1]) }
            let record = try CheckedRow.one(
                connection,
                sql: """
                    SELECT status, error_code, error_message, updated FROM registration_record
                    WHERE folded = ? AND status <> '' ORDER BY updated DESC, hash LIMIT 1
                    """,
                arguments: [name.lowercased()]
            )
            if let record, story.record == nil {
                story.record = try Record(status: record[0], code: record[1], message: record[2], updated: record[3])
            }
        }
        guard let first = story.entries.first?.time, let last = story.entries.last?.time else { return }
        let isRead =
            try Bool.checkedOne(
                connection,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM coverage_hour h JOIN instance n ON n.id = h.instance
                        WHERE n.service = 'dps' AND h.category IN (\(LogCategory.sql(.registrations)))
                            AND h.hour <= ? AND h.last_time >= ?
                    )
                    """,
                arguments: [last, first - 24 * Microseconds.hour]
            ) ?? false
        let doubt = try String.checkedOne(
            connection,
            sql: """
                SELECT evidence FROM doubts WHERE service IN ('dps', 'export', '') AND begins <= ?
                    AND (device_key IS NULL OR device_key = ?) ORDER BY begins, evidence LIMIT 1
                """,
            arguments: [last, story.names.first?.lowercased()]
        )
        story.dpsLogs = isRead ? doubt.map { .partly($0) } ?? .whole : .none
    }

    private static func words(_ kind: String, _ outcome: String, operation: String, hub: String, copies: Int) -> String
    {
        let times = copies > 1 ? " (\(copies) times)" : ""
        switch (kind, outcome) {
        case ("registration", "assigned"):
            return "registered, assigned to \(hub.isEmpty ? "a hub that was not logged" : hub)" + times
        case ("registration", "accepted"): return "attestation accepted" + times
        case ("registration", _): return "registration \(outcome)" + times
        case ("connect", _): return (outcome == "connected" ? "connected" : "connection refused") + times
        case ("disconnect", "closed"): return "disconnected" + times
        case ("disconnect", _): return "connection lost" + times
        default: return "\(operation) \(outcome)" + times
        }
    }

    private static func addAttempts(_ story: inout DeviceStory, _ ids: [Int], _ connection: Database) throws {
        for id in ids {
            let rows = try CheckedRow.all(
                connection,
                sql: """
                    SELECT a.started, a.outcome, a.code, h.name, a.basis, a.journey, a.reason, a.enrollment_group, a.attestation,
                        f.path || ':' || a.contact_line
                    FROM attempt a
                    LEFT JOIN file f ON f.id = a.contact_file
                    LEFT JOIN instance h ON h.id = a.hub
                    WHERE a.registration IN (
                        SELECT id FROM identity WHERE folded = (SELECT folded FROM identity WHERE id = ?)
                    ) AND a.spelling = ?
                    ORDER BY a.started, a.id
                    """,
                arguments: [id, id]
            )
            story.attempts += rows.count
            for row in rows {
                story.group = try row[7] ?? story.group
                story.attestation = try row[8] ?? story.attestation
                guard try (row[0] as Int64) >= story.latest?.time ?? .min else { continue }
                story.latest = try Attempt(
                    time: row[0],
                    outcome: row[1],
                    code: row[2],
                    hub: row[3],
                    basis: row[4],
                    journey: row[5],
                    reason: row[6],
                    contactPlace: row[9]
                )
            }
        }
    }
}

extension DeviceStory.Entry {
    /// Within one second: endings, then DPS, then refusals, then connections (`TieRank`).
    fileprivate var rank: Int {
        switch event {
        case .ended, .dropped: 0
        case .refused: 2
        case .connected: 3
        default: 1
        }
    }
}
