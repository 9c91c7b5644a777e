import Foundation
public import GRDB

/// One night as it is kept.
public struct Night: Sendable, Hashable {
    /// Its date, which names it.
    public var date: String
    /// What was looked at.
    public var window: AnalysisWindow
    /// The time of the earliest event that came in since the night before, in microseconds; nil if none came.
    public var changedSince: Int64?

    /// A night.
    public init(date: String, window: AnalysisWindow, changedSince: Int64? = nil) {
        self.date = date
        self.window = window
        self.changedSince = changedSince
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
        try Row.fetchAll(database, sql: "SELECT night, window_from, window_to, changed_since FROM night ORDER BY night")
            .map {
                Night(date: $0[0], window: AnalysisWindow(from: $0[1], to: $0[2]), changedSince: $0[3])
            }
    }

    /// Keeps a night in the place of what was kept of it before.
    public static func record(_ night: Night, _ findings: [TrackedFinding], _ database: Database) throws {
        try database.execute(sql: "DELETE FROM night_finding WHERE night = ?", arguments: [night.date])
        try database.execute(
            sql: "INSERT OR REPLACE INTO night(night, window_from, window_to, changed_since) VALUES(?, ?, ?, ?)",
            arguments: [night.date, night.window.from, night.window.to, night.changedSince]
        )
        let row = try database.cachedStatement(
            sql: "INSERT INTO night_finding(night, finding_id, state, suppressed, since) VALUES(?, ?, ?, ?, ?)"
        )
        // A night that is run again after a later one does not take back what the later one saw.
        let text = try database.cachedStatement(
            sql: """
                INSERT INTO tracked(finding_id, night, data) VALUES(?, ?, ?)
                ON CONFLICT(finding_id) DO UPDATE SET night = excluded.night, data = excluded.data
                WHERE excluded.night >= night
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
        try database.execute(sql: "DELETE FROM tracked WHERE finding_id NOT IN (SELECT finding_id FROM night_finding)")
    }

    /// The statuses of the newest night, by finding id; empty before the first one.
    public static func latestStatuses(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT finding_id, state, suppressed FROM night_finding WHERE night = (SELECT max(night) FROM night)
                """
        )
        return Dictionary(
            uniqueKeysWithValues: rows.map { ($0[0], ($0[2] as Bool) ? "suppressed" : $0[1] as String) }
        )
    }

    /// The places that kept findings cite, each once.
    public static func evidence(_ database: Database) throws -> [String] {
        var places = Set<String>()
        for data in try String.fetchAll(database, sql: "SELECT data FROM tracked") {
            places.formUnion(try decoded(data).evidence)
        }
        return places.sorted()
    }

    private static func load(_ sql: String, _ night: String, _ database: Database) throws -> [String: TrackedFinding] {
        var result: [String: TrackedFinding] = [:]
        for row in try Row.fetchAll(database, sql: sql, arguments: [night]) {
            let finding = try decoded(row[3])
            let state = FindingState(rawValue: row[0]) ?? .unobserved
            result[finding.id] = TrackedFinding(finding, state, isSuppressed: row[1], since: row[2])
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
