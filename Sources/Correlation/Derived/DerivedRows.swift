import EventStore
import GRDB

/// The rows of the derived tables as a whole: taken back before they are written again.
enum DerivedRows {
    private static let indexes = [
        ("attempt_registration", "attempt(registration)"),
        ("attempt_device", "attempt(device) WHERE device <> spelling"),
    ]

    /// Deletes all of them.
    static func deleteAll(_ database: Database) throws {
        for table in DerivedTables.names { try database.execute(sql: "DELETE FROM \(table)") }
    }

    /// Deletes what was derived from events at or after the start of a sweep, and what may change by them.
    ///
    /// What is kept of each device and registration as one row (totals, latest attempt) stays: events are only ever
    /// added, so what had a row has one again, and `Sweep.finish` writes again those of which an event tells.
    ///
    /// - Parameter sweep: its state at the start: errors that waited then may have been decided since.
    static func delete(from start: SweepStart, pending sweep: Sweep, _ database: Database) throws {
        try database.execute(
            sql: "DELETE FROM attempt WHERE id > ? AND id < ?",
            arguments: [start.attempts, DerivedWriter.latest]
        )
        for (table, column) in [
            ("hour_mark", "hour"), ("operation", "time"), ("unexplained", "time"), ("coverage_hour", "hour"),
        ] {
            try database.execute(sql: "DELETE FROM \(table) WHERE \(column) >= ?", arguments: [start.time])
        }
        // A part notes with how many sessions the minute before the start ended.
        try database.execute(
            sql:
                "DELETE FROM hub_minute WHERE minute > ? OR minute = ? AND drops + refusals + connects + explained > 0",
            arguments: [start.time, start.time]
        )
        try Checkpoints.delete("time > \(start.time)", database)
        try database.execute(sql: "DELETE FROM device_times WHERE segment >= ?", arguments: [start.segment])
        try database.execute(
            sql: "DELETE FROM watched WHERE time >= ? OR noted >= ?",
            arguments: [start.time, WatchedDevices.hours(start.time)]
        )
        for table in ["incident", "finding", "context_total"] {
            try database.execute(sql: "DELETE FROM \(table)")
        }
        let forget = try PreparedStatement(database, "DELETE FROM unexplained WHERE time = ? AND hash = ?")
        for trouble in sweep.pending {
            forget.bind(1, trouble.event.time)
            forget.bind(2, trouble.event.hash)
            try forget.run()
        }
    }

    /// Writes the instances by their numbers.
    static func insert(_ instances: Instances, _ database: Database) throws {
        for (id, entry) in instances.names.enumerated() where id > 0 {
            try database.execute(
                sql: "INSERT INTO instance(id, service, name) VALUES(?, ?, ?)",
                arguments: [id, entry.service, entry.name]
            )
        }
    }

    static func dropIndexes(_ database: Database) throws {
        for (name, _) in indexes { try database.execute(sql: "DROP INDEX IF EXISTS \(name)") }
    }

    static func createIndexes(_ database: Database) throws {
        for (name, columns) in indexes { try database.execute(sql: "CREATE INDEX \(name) ON \(columns)") }
    }
}
