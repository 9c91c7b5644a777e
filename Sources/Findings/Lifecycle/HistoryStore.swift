public import EventStore
import GRDB

/// The history as commands ask for it.
extension FindingHistory {
    /// All nights, oldest first.
    public static func nights(in database: LogDatabase) throws -> [Night] { try database.access.read(nights) }

    /// The findings of a night by their ids.
    public static func findings(of night: String, in database: LogDatabase) throws -> [String: TrackedFinding] {
        try database.access.read { try findings(of: night, $0) }
    }

    /// Removes old events, keeping what kept findings cite.
    ///
    /// - Parameter cutoff: microseconds since 1970; taken down to a whole hour.
    /// - Throws: `DatabaseError`.
    public static func prune(before cutoff: Int64, in database: LogDatabase) throws -> Pruner.Outcome {
        try database.access.write { connection in
            try Pruner.prune(before: cutoff - cutoff % 3_600_000_000, keeping: try evidence(connection), connection)
        }
    }
}
