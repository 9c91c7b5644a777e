import AzureLogs
public import EventStore
import GRDB

/// A database in numbers: what happened, to how many.
public struct FleetSummary: Sendable, Hashable {
    /// A word and a number.
    public struct Count: Sendable, Hashable {
        /// What is counted.
        public var name: String
        /// How many.
        public var count: Int
    }

    /// Time of the first event, microseconds since 1970; nil without events.
    public var first: Int64?
    /// Time of the last event.
    public var last: Int64?
    /// Registrations by outcome, most first.
    public var outcomes: [Count] = []
    /// Different registration ids.
    public var registrations = 0
    /// Different device ids at hubs.
    public var devices = 0
    /// Journeys by their end, most first.
    public var journeys: [Count] = []
    /// Connect attempts by outcome.
    public var contacts: [Count] = []
    /// Errors that are normal life, by pattern.
    public var explained: [Count] = []
    /// Errors of hubs that nothing explains.
    public var unexplained = 0
    /// Names of DPS instances.
    public var instances: [String] = []
    /// Names of hubs with logs.
    public var hubs: [String] = []
    /// Records whose operation is not known, by `category/operation`.
    public var unknownOperations: [Count] = []
    /// Records that are not used, by category.
    public var ignored: [Count] = []
    /// What cannot be told, and what would tell it, in sentences.
    public var gaps: [String] = []

    /// What the numbers are of, microseconds since 1970; nil for the whole.
    public var span: Range<Int64>?
    /// Records before this were pruned and are not counted; nil where none is missing.
    public var prunedBefore: Int64?

    /// Reads the numbers of a database that is up to date.
    ///
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase) throws -> FleetSummary {
        try database.access.read { connection in
            var summary = FleetSummary()
            summary.first = try Int64.checkedOne(connection, sql: "SELECT min(time) FROM event")
            summary.last = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event")
            let ends = try CheckedRow.all(connection, sql: SettledCounts.attempts)
            summary.outcomes = sums(try ends.map { (try $0[0], try $0[2]) })
            summary.journeys = sums(try ends.filter { try ($0[1] as String) != "" }.map { (try $0[1], try $0[2]) })
            summary.registrations =
                try Int.checkedOne(connection, sql: "SELECT count(*) FROM registration_total") ?? 0
            let perContext = """
                SELECT c.kind, c.outcome, e.n, c.category AS category, c.category || '/' || c.operation AS operation
                FROM (\(StoreStatus.countedContexts)) e
                JOIN context c ON c.id = e.context
                """
            summary.contacts = try counts(
                connection,
                """
                SELECT outcome, sum(n) FROM (
                    SELECT outcome, n FROM (\(perContext)) WHERE kind = 'connect' AND category <> '\(LogCategory.eventGrid.rawValue)'
                    UNION ALL \(try hasEventGrid(connection) ? eventGridContacts : "SELECT '', 0")
                )
                WHERE n > 0 GROUP BY 1
                """
            )
            summary.unknownOperations = try counts(
                connection,
                "SELECT operation, sum(n) FROM (\(perContext)) WHERE kind = 'other' GROUP BY 1"
            )
            summary.devices = try Int.checkedOne(connection, sql: "SELECT count(*) FROM device_total") ?? 0
            summary.explained = try counts(connection, "SELECT pattern, sum(events) FROM explained GROUP BY 1")
            summary.unexplained = try Int.checkedOne(connection, sql: SettledCounts.unexplained) ?? 0
            let named = "SELECT DISTINCT instance FROM context WHERE instance <> '' AND service = ? ORDER BY 1"
            summary.instances = try String.checkedAll(connection, sql: named, arguments: ["dps"])
            summary.hubs = try String.checkedAll(connection, sql: named, arguments: ["hub"])
            summary.ignored = try counts(connection, "SELECT category, sum(records) FROM ignored GROUP BY 1")
            summary.gaps = try KnowledgeGaps.load(connection)
            return summary
        }
    }

    /// Connections that Event Grid alone tells of: where the hub's log covers the hour, it tells of them as well.
    private static let eventGridContacts = """
        SELECT c.outcome, e.copies FROM event e
        JOIN context c ON c.id = e.context AND c.category = '\(LogCategory.eventGrid.rawValue)' AND c.kind = 'connect'
        WHERE NOT EXISTS (
            SELECT 1 FROM coverage_hour h
            JOIN instance p ON p.id = h.instance
            WHERE p.service = 'hub' AND p.name = c.instance AND h.category IN (\(LogCategory.sql(.connections)))
                AND h.hour <= e.time AND e.time < h.hour + 3600000000
        )
        """

    private static func hasEventGrid(_ connection: Database) throws -> Bool {
        try Bool.checkedOne(
            connection,
            sql: "SELECT EXISTS (SELECT 1 FROM context WHERE category = '\(LogCategory.eventGrid.rawValue)')"
        )
            ?? false
    }

    private static func counts(_ connection: Database, _ sql: String) throws -> [Count] {
        sums(try CheckedRow.all(connection, sql: sql).map { (try $0[0], try $0[1]) })
    }

    static func sums(_ parts: [(name: String, count: Int)]) -> [Count] {
        Dictionary(parts, uniquingKeysWith: +)
            .map { Count(name: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}
