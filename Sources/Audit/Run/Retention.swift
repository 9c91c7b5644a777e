import AzureLogs
import Basics
public import EventStore
import GRDB

/// What a prune would remove, and whether somebody can have meant it.
public struct Retention: Sendable, Hashable {
    /// Events before this go; microseconds since 1970.
    public var cutoff: Int64
    /// Events that would go.
    public var events: Int
    /// Events that are there.
    public var total: Int

    /// Finds what keeping events for a time would remove.
    ///
    /// The time is counted from the newest event that was read, or from `now` if that is earlier: neither a wrong clock, nor a
    /// night of the future, nor logs that stopped coming empty a database.
    ///
    /// - Parameters:
    ///   - keep: how long events are kept, microseconds.
    ///   - now: microseconds since 1970.
    /// - Returns: nil without events.
    /// - Throws: `DatabaseError`.
    public static func of(_ keep: Int64, now: Int64, in database: LogDatabase) throws -> Retention? {
        try database.access.read { try of(keep, now: now, $0) }
    }

    private static func of(_ keep: Int64, now: Int64, _ connection: Database) throws -> Retention? {
        guard let newest = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event") else { return nil }
        let (cutoff, isBelowAll) = min(newest, now).subtractingReportingOverflow(keep)
        let whole = isBelowAll ? Int64.min : cutoff - cutoff % Microseconds.hour
        let sql = "SELECT count(*) FROM event WHERE time < ?"
        let events = try Int.checkedOne(connection, sql: sql, arguments: [whole]) ?? 0
        let total = events == 0 ? 0 : try Int.checkedOne(connection, sql: "SELECT count(*) FROM event") ?? 0
        return Retention(cutoff: whole, events: events, total: total)
    }

    /// Whether more than half of the events would go.
    public var isLarge: Bool { events > total / 2 }

    /// Why it is refused, with the numbers.
    public var refusal: String {
        "pruning before \(Timestamp.format(microseconds: cutoff)) would remove \(events) of \(total) events, more than half;"
            + " look at the retention and the clock, then give --force if it is meant"
    }
}

/// A run that was refused since it would take away more than somebody can have meant, or judge what has not been yet.
public struct RefusedRun: Error, Sendable, CustomStringConvertible {
    /// What, why, and what to do.
    public let description: String

    /// A refusal in words.
    public init(_ description: String) { self.description = description }
}
