import AzureLogs
public import GRDB

/// Unites the events of databases: all of them, or those of one part of the fleet with what all parts must know.
///
/// The ledger, exports of DPS and the hours of the connection logs are taken as a whole, since journeys of any device hang on
/// them. Raw texts of records stay where they are.
public enum EventUnion {
    /// Brings a database's events into another one.
    ///
    /// An event that stands in both counts once, with the larger number of copies, and is cited by the smaller path and line:
    /// as if one run had read all files.
    ///
    /// - Parameters:
    ///   - path: the database, of this build's form.
    ///   - part: the part to take; nil for everything.
    ///   - links: ids that belong together, of the whole fleet.
    /// - Throws: `DatabaseError`; then nothing is changed.
    public static func take(
        _ path: String,
        part: PartNumber?,
        links: DeviceLinks,
        into database: LogDatabase
    ) throws {
        let isMine = DatabaseFunction("is_mine", argumentCount: 1, pure: true) { values in
            guard let part else { return true }
            return part.holds(links.leader(of: String.fromDatabaseValue(values[0]) ?? ""))
        }
        try database.access.writeWithoutTransaction { connection in
            connection.add(function: isMine)
            defer { connection.remove(function: isMine) }
            try AttachedDatabase.with(path, connection) {
                // What was cut as this part is taken whole: it was cut by links that are not known here.
                let source = try PartMark.of(connection, schema: "source")
                let isCut = source != nil && source == part
                let mine = isCut ? "1" : "is_mine(s.folded)"
                try AttachedDatabase.mapTexts(where: mine, connection)
                let ledger = try LedgerUnion.take(connection, countsExports: part.map { $0.number == 0 } ?? true)
                let events = try takeEvents(isCut, connection)
                let hours = part == nil ? nil : try takeHours(connection)
                if let part {
                    try takeRepetitions(of: source, part, connection)
                    try connection.execute(
                        sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('part', ?)",
                        arguments: [part.description]
                    )
                }
                let earliest = [events, hours, ledger.hasNewFiles ? .max : nil].compactMap(\.self).min()
                if ledger.hasNewExports {
                    try Revision.raise(connection, since: .min)
                } else if let earliest {
                    // Hours of other parts make attempts be judged again, and are no records that have arrived.
                    try Revision.raise(connection, since: earliest, arrived: events ?? .max)
                }
            }
        }
    }

    /// A part that is cut again hands on what it found to stand in several files, once.
    private static func takeRepetitions(of known: PartNumber?, _ part: PartNumber, _ connection: Database) throws {
        guard let known, known != part, known.number % part.count == part.number else { return }
        try connection.execute(
            sql: """
                INSERT INTO part_repetition(file, records)
                SELECT f.id, s.records FROM source.part_repetition s JOIN temp.map_file f ON f.source = s.file
                WHERE 1 ON CONFLICT(file) DO UPDATE SET records = records + excluded.records
                """
        )
    }

    private static let same = """
        e.identity IS a.identity AND e.context = a.context AND e.network IS a.network AND e.agent IS a.agent
            AND e.target IS a.target AND e.duration IS a.duration AND e.correlation IS a.correlation
        """

    /// Takes the events; the time of the earliest one that was added or changed, nil for none.
    private static func takeEvents(_ isCut: Bool, _ connection: Database) throws -> Int64? {
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS arriving(
                    time INTEGER NOT NULL, hash INTEGER NOT NULL, identity INTEGER, context INTEGER NOT NULL, network INTEGER,
                    agent INTEGER, target INTEGER, duration INTEGER, correlation ANY, copies INTEGER NOT NULL,
                    file INTEGER NOT NULL, line INTEGER NOT NULL, is_copy INTEGER NOT NULL,
                    is_new INTEGER NOT NULL, PRIMARY KEY(time, hash)
                ) STRICT, WITHOUT ROWID;
                DELETE FROM temp.arriving;
                INSERT INTO temp.arriving
                SELECT e.time, e.hash, i.id, c.id, n.id, a.id, t.id, e.duration, e.correlation, e.copies, f.id, e.line, f.is_copy,
                    f.is_new
                FROM source.event e
                JOIN temp.map_context c ON c.source = e.context
                JOIN temp.map_file f ON f.source = e.file
                LEFT JOIN temp.map_identity i ON i.source = e.identity
                LEFT JOIN temp.map_network n ON n.source = e.network
                LEFT JOIN temp.map_agent a ON a.source = e.agent
                LEFT JOIN temp.map_identity t ON t.source = e.target
                WHERE i.id IS NOT NULL OR e.identity IS NULL AND (\(isCut ? 1 : 0) OR is_mine(
                    (SELECT '/' || s.service || '/' || s.instance FROM source.context s WHERE s.id = e.context)
                ));
                """
        )
        // Another event has the key: as when one run meets both, the hash moves on.
        repeat {
            try connection.execute(
                sql: """
                    UPDATE temp.arriving AS a SET hash = hash + 1 WHERE EXISTS (
                        SELECT 1 FROM main.event e WHERE e.time = a.time AND e.hash = a.hash AND NOT (\(same))
                    )
                    """
            )
        } while connection.changesCount > 0
        // What stands in both: the copies, then the accounting, then the place.
        let met = "main.event e JOIN temp.arriving a ON a.time = e.time AND a.hash = e.hash"
        let isSmaller = """
            a.is_copy = 0 AND (
                (SELECT path FROM main.file WHERE id = a.file) < (SELECT path FROM main.file WHERE id = e.file)
                OR a.file = e.file AND a.line < e.line
            )
            """
        try connection.execute(
            sql: """
                INSERT INTO part_repetition(file, records)
                SELECT CASE WHEN \(isSmaller) THEN e.file ELSE a.file END, sum(min(e.copies, a.copies)) FROM \(met)
                WHERE a.file <> e.file AND a.is_copy = 0 AND a.is_new = 1 GROUP BY 1
                ON CONFLICT(file) DO UPDATE SET records = records + excluded.records
                """
        )
        let isOther = "(a.copies > e.copies OR \(isSmaller))"
        let changed = try Int64.checkedOne(connection, sql: "SELECT min(e.time) FROM \(met) WHERE \(isOther)")
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS changing(
                    time INTEGER NOT NULL, hash INTEGER NOT NULL, copies INTEGER NOT NULL, file INTEGER NOT NULL,
                    line INTEGER NOT NULL, PRIMARY KEY(time, hash)
                ) STRICT, WITHOUT ROWID;
                DELETE FROM temp.changing;
                INSERT INTO temp.changing
                SELECT e.time, e.hash, max(e.copies, a.copies), CASE WHEN \(isSmaller) THEN a.file ELSE e.file END,
                    CASE WHEN \(isSmaller) THEN a.line ELSE e.line END
                FROM \(met) WHERE \(isOther);
                UPDATE main.event AS e SET (copies, file, line) = (
                    SELECT c.copies, c.file, c.line FROM temp.changing c WHERE c.time = e.time AND c.hash = e.hash
                ) WHERE (time, hash) IN (SELECT time, hash FROM temp.changing);
                """
        )
        let columns = "time, hash, identity, context, network, agent, target, duration, correlation, copies, file, line"
        let added = try Int64.checkedOne(
            connection,
            sql: """
                SELECT min(a.time) FROM temp.arriving a
                WHERE NOT EXISTS (SELECT 1 FROM main.event e WHERE e.time = a.time AND e.hash = a.hash)
                """
        )
        try connection.execute(
            sql: "INSERT OR IGNORE INTO main.event(\(columns)) SELECT \(columns) FROM temp.arriving ORDER BY time, hash"
        )
        try connection.execute(sql: "DELETE FROM temp.arriving; DELETE FROM temp.changing")
        return [changed, added].compactMap(\.self).min()
    }

    /// Takes the hours in which resources have records of any part; the earliest hour that is new, nil for none.
    private static func takeHours(_ connection: Database) throws -> Int64? {
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS hours(
                    service TEXT, instance TEXT, category TEXT, hour INTEGER, first_time INTEGER, last_time INTEGER
                );
                DELETE FROM temp.hours;
                INSERT INTO temp.hours
                SELECT c.service, c.instance, c.category, e.time - e.time % 3600000000, min(e.time), max(e.time)
                FROM source.event e JOIN source.context c ON c.id = e.context
                WHERE c.instance <> '' AND c.category <> '\(LogCategory.eventGrid.rawValue)' GROUP BY 1, 2, 3, 4
                UNION ALL SELECT service, instance, category, hour, first_time, last_time FROM source.fleet_hour;
                """
        )
        let earliest = try Int64.checkedOne(
            connection,
            sql: """
                SELECT min(h.hour) FROM temp.hours h LEFT JOIN fleet_hour f ON f.service = h.service
                    AND f.instance = h.instance AND f.category = h.category AND f.hour = h.hour
                WHERE f.hour IS NULL OR h.first_time < f.first_time OR h.last_time > f.last_time
                """
        )
        try connection.execute(
            sql: """
                INSERT INTO fleet_hour(service, instance, category, hour, first_time, last_time)
                SELECT service, instance, category, hour, min(first_time), max(last_time) FROM temp.hours
                GROUP BY 1, 2, 3, 4
                ON CONFLICT(service, instance, category, hour) DO UPDATE
                SET first_time = min(first_time, excluded.first_time), last_time = max(last_time, excluded.last_time)
                """
        )
        return earliest
    }

    /// Says of each file what a union of whole databases found to stand in several: it was stored once.
    ///
    /// - Throws: `DatabaseError`.
    public static func settleLedger(_ database: LogDatabase) throws {
        try database.access.write { try settleLedger($0) }
    }

    /// The same inside of a transaction.
    public static func settleLedger(_ connection: Database) throws {
        try connection.execute(
            sql: """
                UPDATE file SET stored = stored - r.records, duplicates = duplicates + r.records
                FROM part_repetition r WHERE r.file = file.id;
                DELETE FROM part_repetition;
                """
        )
    }
}
