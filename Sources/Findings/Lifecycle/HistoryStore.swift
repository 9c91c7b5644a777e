import Basics
import Correlation
public import EventStore
import GRDB

/// The history as commands ask for it.
extension FindingHistory {
    /// All nights, oldest first.
    public static func nights(in database: LogDatabase) throws -> [Night] { try database.access.read(nights) }

    /// How many findings stood where in each night.
    public static func counts(in database: LogDatabase) throws -> [String: [String: Int]] {
        try database.access.read(counts)
    }

    /// The findings of a night by their ids.
    public static func findings(of night: String, in database: LogDatabase) throws -> [String: TrackedFinding] {
        try database.access.read { try findings(of: night, $0) }
    }

    /// Removes old events, keeping what kept and present findings cite, and everything of devices with open findings.
    ///
    /// What is open is so by the findings that stand in the database, which are up to date (`Analysis.refresh`), and by the
    /// nights; where no night tells of a finding, a device is over it that was seen well since.
    ///
    /// - Parameters:
    ///   - cutoff: microseconds since 1970; taken down to a whole hour.
    ///   - isTrial: whether to say what would go and change nothing.
    /// - Throws: `DatabaseError`.
    public static func prune(
        before cutoff: Int64,
        rules: RuleSet,
        isTrial: Bool = false,
        in database: LogDatabase
    ) throws -> Pruner.Outcome {
        let hour = cutoff - cutoff % Microseconds.hour
        return try database.access.write { connection in
            let made = try FindingRows.all(connection)
            let open = try open(made, rules, connection)
            if !isTrial {
                try keepFirstSeen(of: made, before: hour, connection)
                try IncidentRows.keep(before: hour, connection)
            }
            let places = Set(try evidence(connection)).union(made.flatMap(\.evidence))
            return try Pruner.prune(
                before: hour,
                keeping: places.sorted(),
                sparing: Set(open.flatMap(names)),
                isTrial: isTrial,
                [DerivedPruning()],
                connection
            )
        }
    }

    /// The findings about devices that are not over.
    private static func open(_ made: [Finding], _ rules: RuleSet, _ connection: Database) throws -> [Finding] {
        let nights = try nights(connection)
        let known = try before("9999-12-31", connection)
        let last = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event") ?? 0
        let window = AnalysisWindow(
            from: nights.last?.window.from ?? last,
            to: max(last + 1, nights.last?.window.to ?? 0)
        )
        let check = try ObservationCheck(window, rules, connection)
        let devices = made.filter { $0.subjectKind == "device" }
        let present = Set(devices.map(\.id))
        let fresh = try devices.filter { finding in
            if let state = known[finding.id]?.state {
                return state.isOpen || finding.lastSeen ?? .max >= nights.last?.window.to ?? .max
            }
            return try finding.severity > .informational && !check.wasWell(after: finding)
        }
        let kept = known.values.filter {
            $0.state.isOpen && $0.finding.subjectKind == "device" && !present.contains($0.finding.id)
        }
        return fresh + kept.map(\.finding)
    }

    private static func names(_ finding: Finding) -> [String] {
        [finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() }
    }

    /// Notes when findings about groups, hubs and the like were first seen, whose events may go.
    private static func keepFirstSeen(of findings: [Finding], before cutoff: Int64, _ connection: Database) throws {
        let insert = try connection.cachedStatement(
            sql: """
                INSERT INTO seen_before(finding_id, first_seen) VALUES(?, ?)
                ON CONFLICT(finding_id) DO UPDATE SET first_seen = min(first_seen, excluded.first_seen)
                """
        )
        for finding in findings {
            // Everything of a device that is not over stays; what comes later is another episode.
            guard finding.subjectKind != "device", let first = finding.firstSeen, first < cutoff else { continue }
            try insert.execute(arguments: [finding.id, first])
        }
    }
}
