public import GRDB

/// The number that tells whether what was derived from the events is still of their state.
public enum Revision {
    /// The revision of the events.
    public static func current(_ database: Database) throws -> Int {
        try Int.checkedOne(database, sql: "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'revision'") ?? 0
    }

    /// The time of the earliest event that was added or changed since `settle`; `.min` if exports of DPS have changed.
    ///
    /// - Returns: nil if nothing has, or if it is not known.
    public static func changedSince(_ database: Database) throws -> Int64? {
        try EndlessInteger.checkedOne(
            database,
            sql: "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'changed-since'"
        )?.raw
    }

    /// The time of the earliest event that was added or changed since a night was last kept, whatever was derived since.
    ///
    /// - Returns: nil if nothing has; `.min` if exports of DPS have changed.
    public static func arrivedSince(_ database: Database) throws -> Int64? {
        try EndlessInteger.checkedOne(
            database,
            sql: "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'arrived-since'"
        )?.raw
    }

    /// Says that a night was kept that knows of all that has arrived.
    public static func keepNight(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM setting WHERE name = 'arrived-since'")
    }

    /// Says that what is derived follows the events again.
    public static func settle(_ database: Database) throws {
        try database.execute(sql: "DELETE FROM setting WHERE name = 'changed-since'")
    }

    /// Says that events have changed, the earliest of them at a time in microseconds; `.max` if only what could not be
    /// read has changed.
    ///
    /// - Parameter arrived: the earliest of those that are new to all nights, where it is another time.
    static func raise(_ database: Database, since time: Int64, arrived: Int64? = nil) throws {
        try database.executeKept(
            sql: """
                INSERT INTO setting(name, value) VALUES('revision', '1')
                ON CONFLICT(name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
                """
        )
        for (name, time) in [("changed-since", time), ("arrived-since", arrived ?? time)] {
            try database.executeKept(
                sql: """
                    INSERT INTO setting(name, value) VALUES(?, ?)
                    ON CONFLICT(name) DO UPDATE
                    SET value = CAST(min(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)
                    """,
                arguments: [name, String(time)]
            )
        }
    }
}
