public import EventStore
import GRDB

/// A span of time in numbers: what the records in it say, counted from them and not from totals.
extension FleetSummary {
    /// Reads the numbers of a span in a database that is up to date; nil for the whole.
    ///
    /// Of a database of which events were pruned the whole is what is left: what happened since. Records of devices with open
    /// findings that are kept from before are not counted, since those of the others are gone.
    ///
    /// - Parameter span: microseconds since 1970, the end excluded.
    /// - Throws: `DatabaseError`.
    public static func load(_ database: LogDatabase, in span: Range<Int64>?) throws -> FleetSummary {
        let pruned = try database.access.read { try Pruner.prunedBefore($0) }
        guard span != nil || pruned > 0 else { return try load(database) }
        let asked = span ?? 0..<Int64.max
        let from = max(asked.lowerBound, pruned)
        var summary = try database.access.read { try load($0, from, max(from, asked.upperBound)) }
        summary.span = asked
        if pruned > asked.lowerBound { summary.prunedBefore = pruned }
        return summary
    }

    private static func load(_ connection: Database, _ from: Int64, _ to: Int64) throws -> FleetSummary {
        var summary = FleetSummary()
        let span: StatementArguments = [from, to]
        let ends = try CheckedRow.one(
            connection,
            sql: "SELECT min(time), max(time) FROM event WHERE time >= ? AND time < ?",
            arguments: span
        )
        summary.first = try ends?[0]
        summary.last = try ends?[1]
        let perContext = try CheckedRow.all(
            connection,
            sql: """
                SELECT c.service, c.instance, c.category, c.operation, c.kind, c.outcome, e.n, e.named
                FROM (
                    SELECT context, sum(copies) AS n, sum(CASE WHEN identity IS NULL THEN 0 ELSE copies END) AS named
                    FROM event WHERE time >= ? AND time < ? GROUP BY context) e
                JOIN context c ON c.id = e.context
                """,
            arguments: span
        )
        var (contacts, unknown): ([(String, Int)], [(String, Int)]) = ([], [])
        var errors = 0
        var names: [String: Set<String>] = [:]
        for row in perContext {
            let (kind, outcome, count): (String, String, Int) = (try row[4], try row[5], try row[6])
            if try (row[1] as String) != "" { names[try row[0], default: []].insert(try row[1]) }
            if kind == "connect" { contacts.append((outcome, count)) }
            if kind == "other" { unknown.append((try "\(row[2] as String)/\(row[3] as String)", count)) }
            switch (kind, outcome) {
            // Nobody is told of by a refusal that names no device.
            case ("connect", "refused"), ("disconnect", "dropped"): errors += try row[7] as Int
            case ("hub-error", _), ("identity-operation", "failed"): errors += count
            default: break
            }
        }
        summary.contacts = sums(contacts)
        summary.unknownOperations = sums(unknown)
        summary.instances = names["dps", default: []].sorted()
        summary.hubs = names["hub", default: []].sorted()
        // Attempts are numbered in the order in which they were over; those that were over before are left out at once.
        let attempts = """
            FROM attempt WHERE started >= ? AND started < ? AND id > coalesce((
                SELECT attempts FROM hour_mark WHERE hour <= ? ORDER BY hour DESC LIMIT 1), 0)
            """
        let counted = try CheckedRow.all(
            connection,
            sql: "SELECT outcome, coalesce(journey, ''), coalesce(benign, ''), count(*) \(attempts) GROUP BY 1, 2, 3",
            arguments: [from, to, from]
        )
        summary.outcomes = sums(try counted.map { (try $0[0], try $0[3]) })
        summary.journeys = sums(try counted.filter { try ($0[1] as String) != "" }.map { (try $0[1], try $0[3]) })
        summary.registrations =
            try Int.checkedOne(
                connection,
                sql: """
                    SELECT count(DISTINCT i.folded)
                    FROM event e JOIN context c ON c.id = e.context JOIN identity i ON i.id = e.identity
                    WHERE e.time >= ? AND e.time < ? AND c.kind = 'registration'
                    """,
                arguments: span
            ) ?? 0
        summary.devices =
            try Int.checkedOne(
                connection,
                sql: """
                    SELECT count(DISTINCT e.identity) FROM event e JOIN context c ON c.id = e.context
                    WHERE e.time >= ? AND e.time < ? AND c.service = 'hub' AND c.kind <> 'identity-operation'
                    """,
                arguments: span
            ) ?? 0
        summary.unexplained =
            try Int.checkedOne(
                connection,
                sql: "SELECT coalesce(sum(copies), 0) FROM unexplained WHERE time >= ? AND time < ?",
                arguments: span
            ) ?? 0
        let challenges = try counted.filter { try ($0[2] as String) == BenignPattern.tpmChallenge.rawValue }
        summary.explained = sums([
            ("errors of hubs that what followed explains", max(0, errors - summary.unexplained)),
            (BenignPattern.tpmChallenge.rawValue, try challenges.reduce(0) { $0 + (try $1[3] as Int) }),
        ]).filter { $0.count > 0 }
        return summary
    }
}
