import Basics
import EventStore
import GRDB

/// The time that an analysis looks at; microseconds since 1970, the end excluded.
public struct AnalysisWindow: Sendable, Hashable {
    /// The beginning.
    public var from: Int64
    /// The end.
    public var to: Int64

    /// A window.
    public init(from: Int64, to: Int64) {
        self.from = from
        self.to = to
    }

    /// How much further back contacts are read: health before a refusal is seen there.
    private static let lookBack: Int64 = 7 * Microseconds.day

    /// The views that rules read in this window, in the places of those of the whole database.
    ///
    /// Registrations are those that began in it, and of each registration the one that was its latest when the window
    /// began: a device that was assigned long ago and is still missing stays in sight, whatever the window.
    func views(_ connection: Database) throws -> [(name: String, sql: String)] {
        let behind =
            try Int.checkedOne(
                connection,
                sql: "SELECT attempts FROM hour_mark WHERE hour <= ? ORDER BY hour DESC LIMIT 1",
                arguments: [from]
            ) ?? 0
        return try [
            ("attempts", "attempt > \(behind) AND time < \(to)"),
            ("journeys", "attempt > \(behind) AND time < \(to)"),
            ("unexplained_errors", "time >= \(from) AND time < \(to)"),
            ("hub_minutes", "minute >= \(from) AND minute < \(to)"),
            ("watched_contacts", "time >= \(from - Self.lookBack) AND time < \(to)"),
            ("service_operations", "time < \(to)"),
            ("failure_runs", "last_time >= \(from) AND first_time < \(to)"),
            ("failure_run_classes", "last_time >= \(from) AND first_time < \(to)"),
        ].map { name, condition in
            // A registration's attempts are to be found among those of the window, not by the index among those of ever.
            let columns = try connection.columns(in: name)
                .map { $0.name == "registration" ? "+registration AS registration" : $0.name }
                .joined(separator: ", ")
            return (name, "CREATE TEMP VIEW \(name) AS SELECT \(columns) FROM main.\(name) WHERE \(condition)")
        }
    }

    /// Whether the evidence of a finding of everything reaches into the window.
    ///
    /// One without times speaks of the whole. What it does not look at: whether anything of the finding lies in the window
    /// itself where it began before and ended behind.
    public func holds(_ finding: Finding) -> Bool {
        if let first = finding.firstSeen, first >= to { return false }
        if let last = finding.lastSeen, last < from { return false }
        return true
    }

    /// Whether a finding of an analysis of this window alone is about it: what was over before it is not.
    func concerns(_ finding: Finding, holds: Bool) -> Bool {
        if let first = finding.firstSeen, first >= to { return false }
        guard let last = finding.lastSeen, !holds else { return true }
        return last >= from
    }
}
