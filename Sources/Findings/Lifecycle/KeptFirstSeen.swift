import EventStore
import GRDB

/// When findings were first seen by records that were pruned since.
struct KeptFirstSeen: Sendable {
    /// Microseconds since 1970, by the ids of the findings.
    private let times: [String: Int64]

    /// Reads what prunes have noted.
    ///
    /// - Throws: `DatabaseError`.
    init(_ connection: Database) throws {
        let rows = try CheckedRow.all(connection, sql: "SELECT finding_id, first_seen FROM seen_before")
        times = try Dictionary(uniqueKeysWithValues: rows.map { (try $0[0] as String, try $0[1] as Int64) })
    }

    /// A finding with the time at which it was first seen.
    ///
    /// What else it says is right for what is left; one of which something is gone says so.
    @Sendable func marking(_ finding: Finding) -> Finding {
        guard !times.isEmpty, let kept = times[finding.id], let now = finding.firstSeen, kept < now else {
            return finding
        }
        var finding = finding
        finding.firstSeen = kept
        finding.summary += " (first seen before records were pruned; counted in what is left)"
        return finding
    }
}
