public import Correlation
public import EventStore
import GRDB

/// What became of every error in the logs: each is explained, in a finding, over, or too little to say anything of.
///
/// Errors are refusals by DPS, one an attempt however many records tell of it, and the error records of hubs.
public struct ErrorAccount: Sendable, Hashable {
    /// Where an error stands.
    public enum State: String, Sendable, CaseIterable {
        /// Normal life accounts for it.
        case explained
        /// A finding names it.
        case named = "in findings"
        /// No finding names it, and the device was let in afterwards.
        case transient
        /// No finding names it, and no success followed: it is less than any rule speaks of.
        case few = "too few to say"
    }

    /// Normal life accounts for them.
    public var explained = 0
    /// A finding names them.
    public var named = 0
    /// No finding names them, and the device was let in by DPS or a hub afterwards.
    public var transient = 0
    /// No finding names them, and nothing followed.
    public var few = 0

    /// All errors.
    public var total: Int { explained + named + transient + few }

    /// The numbers with their words, in the order in which they are told.
    public var parts: [(state: State, count: Int)] {
        [(.explained, explained), (.named, named), (.transient, transient), (.few, few)]
    }

    /// Counts the errors of a database that is up to date.
    ///
    /// - Parameters:
    ///   - findings: all that the rules found in it.
    ///   - rules: the rules that found them.
    ///   - fleet: the numbers of the time whose errors are counted; nil for the whole. What became of them afterwards is
    ///     told by all that is known.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ findings: [Finding],
        _ rules: RuleSet,
        _ database: LogDatabase,
        of fleet: FleetSummary? = nil
    ) throws -> ErrorAccount {
        let named = NamedErrors(findings, rules)
        let span = fleet?.span
        let from = max(span?.lowerBound ?? 0, fleet?.prunedBefore ?? 0)
        let range = from..<max(from, span?.upperBound ?? .max)
        return try database.access.read { connection in
            var account = ErrorAccount()
            account.explained =
                if let fleet, span != nil {
                    fleet.explained.reduce(0) { $0 + $1.count }
                } else {
                    try Int.checkedOne(connection, sql: "SELECT coalesce(sum(events), 0) FROM explained") ?? 0
                }
            try account.countHubErrors(named, in: range, connection)
            try account.countRefusals(named, in: range, connection)
            return account
        }
    }

    private mutating func add(_ error: NamedErrors.Item, _ named: NamedErrors, isOver: Bool, _ count: Int) {
        if named.rule(of: error) != nil {
            self.named += count
        } else if isOver {
            transient += count
        } else {
            few += count
        }
    }

    private mutating func countHubErrors(_ named: NamedErrors, in span: Range<Int64>, _ connection: Database) throws {
        let rows = try PreparedStatement(
            connection,
            """
            SELECT u.time, u.code, u.copies, i.folded, c.instance, d.last_connected > u.time
            FROM unexplained u
            JOIN context c ON c.id = u.context
            LEFT JOIN identity i ON i.id = u.identity
            LEFT JOIN device_total d ON d.device = u.identity AND u.role <> 'identity'
            WHERE u.time >= ? AND u.time < ?
            """
        )
        rows.bind(1, span.lowerBound)
        rows.bind(2, span.upperBound)
        while try rows.next() {
            let error = NamedErrors.Item(
                service: "hub",
                code: Int(rows.integer(1)),
                time: rows.integer(0),
                id: rows.text(3),
                instance: rows.text(4)
            )
            add(error, named, isOver: rows.integer(5) == 1, Int(rows.integer(2)))
        }
    }

    private mutating func countRefusals(_ named: NamedErrors, in span: Range<Int64>, _ connection: Database) throws {
        let rows = try PreparedStatement(
            connection,
            """
            SELECT a.started, a.code, r.folded, p.name, a.enrollment_group,
                coalesce(t.last_answered > a.started, 0) OR coalesce(d.last_connected > a.started, 0)
            FROM registration_total t
            JOIN attempt a ON a.registration = t.registration
            JOIN identity r ON r.id = t.registration
            LEFT JOIN instance p ON p.id = a.dps
            LEFT JOIN device_total d ON d.device = t.device
            WHERE t.attempts > t.answered AND a.outcome IN ('failed', 'disabled', 'throttled')
                AND a.started >= ? AND a.started < ?
            """
        )
        rows.bind(1, span.lowerBound)
        rows.bind(2, span.upperBound)
        while try rows.next() {
            let error = NamedErrors.Item(
                service: "dps",
                code: Int(rows.integer(1)),
                time: rows.integer(0),
                id: rows.text(2),
                instance: rows.text(3),
                group: rows.text(4)
            )
            add(error, named, isOver: rows.integer(5) == 1, 1)
        }
    }
}
