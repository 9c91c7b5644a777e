import EventStore
import FoundationEssentials
public import GRDB

/// One night as it is kept.
public struct Night: Sendable, Hashable {
    /// Its date, which names it.
    public var date: String
    /// What was looked at.
    public var window: AnalysisWindow
    /// The time of the earliest event that came in since the night before, in microseconds; nil if none came.
    public var changedSince: Int64?
    /// Where the window begins without the overlap: where the night before ended, at the latest; microseconds.
    public var began: Int64
    /// Whether nothing was logged in it.
    public var isSilent: Bool

    /// A night.
    public init(
        date: String,
        window: AnalysisWindow,
        changedSince: Int64? = nil,
        began: Int64? = nil,
        isSilent: Bool = false
    ) {
        self.date = date
        self.window = window
        self.changedSince = changedSince
        self.began = began ?? window.from
        self.isSilent = isSilent
    }
}

/// The nights' findings in the database: what no log says again.
public enum FindingHistory {
    /// What is known of findings before a night: of each its latest state.
    ///
    /// - Throws: `DatabaseError`, or a decoding error if a kept finding cannot be read.
    public static func before(_ night: String, _ database: Database) throws -> [String: TrackedFinding] {
        try load(
            """
            SELECT n.state, n.suppressed, n.since, t.data
            FROM tracked t
            JOIN night_finding n ON n.finding_id = t.finding_id AND n.night = (
                SELECT max(l.night) FROM night_finding l WHERE l.finding_id = t.finding_id AND l.night < ?)
            """,
            night,
            database
        )
    }

    /// The findings of a night by their ids; empty if there was none.
    public static func findings(of night: String, _ database: Database) throws -> [String: TrackedFinding] {
        try load(
            """
            SELECT n.state, n.suppressed, n.since, t.data
            FROM night_finding n JOIN tracked t ON t.finding_id = n.finding_id WHERE n.night = ?
            """,
            night,
            database
        )
    }

    /// All nights, oldest first.
    public static func nights(_ database: Database) throws -> [Night] {
        try CheckedRow.all(
            database,
            sql: "SELECT night, window_from, window_to, changed_since, began, silent FROM night ORDER BY night"
        ).map {
            try Night(
                date: $0[0],
                window: AnalysisWindow(from: $0[1], to: $0[2]),
                changedSince: ($0[3] as EndlessInteger?)?.raw,
                began: $0[4],
                isSilent: $0[5]
            )
        }
    }

    /// Keeps nights in the place of what was kept of them before; oldest first.
    public static func record(_ nights: [(night: Night, findings: [TrackedFinding])], _ database: Database) throws {
        for (night, findings) in nights { try record(night, findings, database) }
        try database.execute(sql: "DELETE FROM tracked WHERE finding_id NOT IN (SELECT finding_id FROM night_finding)")
    }

    private static func record(_ night: Night, _ findings: [TrackedFinding], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM night_finding WHERE night = ?", arguments: [night.date])
        try database.execute(
            sql: """
                INSERT OR REPLACE INTO night(night, window_from, window_to, changed_since, began, silent)
                VALUES(?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                night.date, night.window.from, night.window.to, night.changedSince, night.began, night.isSilent,
            ]
        )
        let row = try database.cachedStatement(
            sql: "INSERT INTO night_finding(night, finding_id, state, suppressed, since) VALUES(?, ?, ?, ?, ?)"
        )
        // Every night is judged by everything that is held, so what it says of a finding is the newest.
        let text = try database.cachedStatement(
            sql: """
                INSERT INTO tracked(finding_id, night, data) VALUES(?, ?, ?)
                ON CONFLICT(finding_id) DO UPDATE SET night = max(night, excluded.night), data = excluded.data
                """
        )
        for item in findings {
            try row.execute(
                arguments: [night.date, item.finding.id, item.state.rawValue, item.isSuppressed, item.since]
            )
            var finding = item.finding
            finding.status = FindingState.new.rawValue
            try text.execute(arguments: [item.finding.id, night.date, try encoded(finding)])
        }
    }

    /// The status of all findings after the nights.
    static func statuses(_ database: Database) throws -> NightStatuses {
        let last = "SELECT window_to FROM night ORDER BY night DESC LIMIT 1"
        guard let end = try Int64.checkedOne(database, sql: last) else { return NightStatuses(stored: [:], end: .max) }
        var stored: [String: String] = [:]
        // The same few texts serve all findings.
        var words: [String: String] = ["suppressed": "suppressed"]
        try CheckedRow.forEach(
            database,
            sql: "SELECT finding_id, state, suppressed, max(night) FROM night_finding GROUP BY finding_id"
        ) { row in
            let status: String = try (row[2] as Bool) ? "suppressed" : row[1]
            stored[try row[0]] = words[status] ?? status
            words[status] = words[status] ?? status
        }
        return NightStatuses(stored: stored, end: end)
    }

    /// The ids of the findings that were found in a night.
    public static func open(in night: String, _ database: Database) throws -> [String] {
        try String.checkedAll(
            database,
            sql: """
                SELECT finding_id FROM night_finding WHERE night = ? AND state IN ('new', 'ongoing', 'reopened')
                ORDER BY 1
                """,
            arguments: [night]
        )
    }

    /// How many findings stood where in each night, by its date and then by state or `suppressed`.
    public static func counts(_ database: Database) throws -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        let sql = """
            SELECT night, CASE WHEN suppressed THEN 'suppressed' ELSE state END, count(*) FROM night_finding GROUP BY 1, 2
            """
        for row in try CheckedRow.all(database, sql: sql) {
            counts[try row[0], default: [:]][try row[1]] = try row[2]
        }
        return counts
    }

    /// The places that kept findings cite, each once.
    public static func evidence(_ database: Database) throws -> [String] {
        var places = Set<String>()
        for data in try String.checkedAll(database, sql: "SELECT data FROM tracked") {
            places.formUnion(try decoded(data).evidence)
        }
        return places.sorted()
    }

    private static func load(_ sql: String, _ night: String, _ database: Database) throws -> [String: TrackedFinding] {
        var result: [String: TrackedFinding] = [:]
        for row in try CheckedRow.all(database, sql: sql, arguments: [night]) {
            let finding = try decoded(try row[3])
            let state = FindingState(rawValue: try row[0]) ?? .unobserved
            result[finding.id] = TrackedFinding(finding, state, isSuppressed: try row[1], since: try row[2])
        }
        return result
    }

    private static func encoded(_ finding: Finding) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(finding), as: UTF8.self)
    }

    private static func decoded(_ text: String) throws -> Finding {
        try JSONDecoder().decode(Finding.self, from: Data(text.utf8))
    }
}
