public import EventStore
import GRDB

/// Brings what parts of a fleet derived into one database, and settles there what no part can know alone.
///
/// Attempts, totals and errors are of one device each, so they are taken as they are. Hours, minutes of hubs and contexts are
/// summed up; how many records could not be read, and whom they may have told of, is judged again over the whole fleet.
public enum PartUnion {
    /// Unites parts.
    ///
    /// What the database held of an earlier union is replaced; nights, suppressed findings and kept evidence stay.
    ///
    /// - Parameters:
    ///   - paths: the databases of all parts, each of its events' state (`Correlator.rebuild`).
    ///   - withEvents: whether the events come too; else only changes through the service API do.
    /// - Throws: `StoreError` for databases that are not the parts of one fleet; `DatabaseError`; then nothing is left half done.
    public static func unite(
        _ paths: [String],
        withEvents: Bool,
        into database: LogDatabase,
        configuration: CorrelationConfiguration = CorrelationConfiguration()
    ) throws {
        try database.access.writeWithoutTransaction { connection in
            try connection.inTransaction {
                try clear(connection)
                try connection.execute(
                    sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('merged', ?)",
                    arguments: [paths.count]
                )
                return .commit
            }
            for (number, path) in paths.enumerated() {
                try database.stop.check()
                try AttachedDatabase.with(path, connection) {
                    try take(number, withEvents: withEvents, connection)
                }
            }
            try connection.inTransaction {
                try settle(configuration, withEvents: withEvents, connection)
                return .commit
            }
        }
    }

    /// Removes everything but what no log says again.
    private static func clear(_ connection: Database) throws {
        try DerivedRows.deleteAll(connection)
        for table in [
            "event", "reject", "ignored", "file_resource", "raw_block", "registration_record", "enrollment",
            "linked_hub",
            "part_repetition", "fleet_hour", "file", "context", "identity", "network", "agent",
        ] {
            try connection.execute(sql: "DELETE FROM \(table)")
        }
        try connection.execute(sql: "DELETE FROM setting WHERE name IN ('derived', 'findings', 'changed-since')")
        for table in stages {
            try connection.execute(sql: "DROP TABLE IF EXISTS temp.\(table)")
        }
        let attempt = try connection.columns(in: "attempt").map { "\($0.name)" }.joined(separator: ", ")
        let doubted = try connection.columns(in: "doubted").map { "\($0.name)" }.joined(separator: ", ")
        try connection.execute(
            sql: """
                CREATE TEMP TABLE stage_attempt(part INTEGER, bucket INTEGER, \(attempt));
                CREATE TEMP TABLE stage_doubted(part INTEGER, \(doubted));
                CREATE TEMP TABLE stage_minute(part INTEGER, hub INTEGER, minute INTEGER, drops INTEGER, refusals INTEGER,
                    connects INTEGER, sessions INTEGER, explained INTEGER);
                CREATE TEMP TABLE stage_hour(hour INTEGER PRIMARY KEY);
                """
        )
    }

    private static let stages = ["stage_attempt", "stage_doubted", "stage_minute", "stage_hour"]

    /// Columns that hold ids of other tables without a foreign key: 0 stands for none there, or they repeat another column.
    private static let unreferenced = [
        "explained.instance": "instance", "doubted.contact_hub": "instance", "doubted.contact_file": "file",
    ]

    /// The columns of a table, and expressions over a row `s` of the attached one that put this database's ids in their place.
    ///
    /// The foreign keys of the schema say which table's ids a column holds.
    private static func mapped(_ table: String, _ connection: Database) throws -> (names: [String], values: [String]) {
        var maps: [String: String] = [:]
        for key in try connection.foreignKeys(on: table) {
            for (origin, _) in key.mapping { maps[origin] = key.destinationTable }
        }
        let names = try connection.columns(in: table).map(\.name)
        let values = names.map { name in
            guard let map = maps[name] ?? unreferenced["\(table).\(name)"] else { return "s.\(name)" }
            // 0 stands for none where a column is part of a key.
            return
                "CASE WHEN s.\(name) = 0 THEN 0 ELSE (SELECT m.id FROM temp.map_\(map) m WHERE m.source = s.\(name)) END"
        }
        return (names, values)
    }

    /// Takes what the attached part derived: as it is where it is of one device, staged where only the whole settles it.
    private static func take(_ part: Int, withEvents: Bool, _ connection: Database) throws {
        try AttachedDatabase.mapTexts(where: "1", connection)
        _ = try LedgerUnion.take(connection, countsExports: false)
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS map_instance(source INTEGER PRIMARY KEY, id INTEGER NOT NULL);
                DELETE FROM temp.map_instance;
                INSERT OR IGNORE INTO main.instance(service, name)
                SELECT service, name FROM source.instance ORDER BY service, name;
                INSERT INTO temp.map_instance SELECT s.id, m.id FROM source.instance s
                JOIN main.instance m ON m.service = s.service AND m.name = s.name;
                INSERT INTO main.part_repetition(file, records)
                SELECT f.id, s.records FROM source.part_repetition s JOIN temp.map_file f ON f.source = s.file
                WHERE 1 ON CONFLICT(file) DO UPDATE SET records = records + excluded.records;
                INSERT OR IGNORE INTO temp.stage_hour SELECT hour FROM source.hour_mark;
                """
        )
        for table in [
            "registration_total", "device_total", "failure_run", "refusal_run", "explained", "unexplained", "watched",
            "operation",
        ] {
            let (names, values) = try mapped(table, connection)
            try connection.execute(
                sql: """
                    INSERT INTO main.\(table)(\(names.joined(separator: ", ")))
                    SELECT \(values.joined(separator: ", ")) FROM source.\(table) s
                    """
            )
        }
        try takeSums(part, connection)
        // Numbered once all parts are here; `bucket` is the hour in which an attempt that is over ended, NULL before the first mark.
        let (attempts, values) = try mapped("attempt", connection)
        try connection.execute(
            sql: """
                INSERT INTO temp.stage_attempt(part, bucket, \(attempts.joined(separator: ", ")))
                SELECT \(part), (SELECT max(hour) FROM source.hour_mark m WHERE m.attempts < s.id),
                    \(values.joined(separator: ", "))
                FROM source.attempt s
                """
        )
        let (doubted, doubtedValues) = try mapped("doubted", connection)
        try connection.execute(
            sql: """
                INSERT INTO temp.stage_doubted(part, \(doubted.joined(separator: ", ")))
                SELECT \(part), \(doubtedValues.joined(separator: ", ")) FROM source.doubted s
                """
        )
        try takeEvents(withEvents, connection)
    }

    private static func takeSums(_ part: Int, _ connection: Database) throws {
        let (_, hub) = try mapped("hub_minute", connection)
        try connection.execute(
            sql: """
                INSERT INTO main.coverage_hour(instance, category, hour, records, first_time, last_time)
                SELECT m.id, s.category, s.hour, s.records, s.first_time, s.last_time
                FROM source.coverage_hour s JOIN temp.map_instance m ON m.source = s.instance
                WHERE 1 ON CONFLICT(instance, category, hour) DO UPDATE SET records = records + excluded.records,
                    first_time = min(first_time, excluded.first_time), last_time = max(last_time, excluded.last_time);
                INSERT INTO main.context_total(context, records)
                SELECT m.id, s.records FROM source.context_total s JOIN temp.map_context m ON m.source = s.context
                WHERE 1 ON CONFLICT(context) DO UPDATE SET records = records + excluded.records;
                INSERT INTO temp.stage_minute(part, hub, minute, drops, refusals, connects, sessions, explained)
                SELECT \(part), \(hub[0]), s.minute, s.drops, s.refusals, s.connects, s.sessions, s.explained
                FROM source.hub_minute s;
                INSERT INTO main.setting(name, value)
                SELECT name, value FROM source.setting s WHERE s.name = 'arrived-since'
                ON CONFLICT(name) DO UPDATE
                SET value = CAST(min(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT);
                """
        )
    }

    private static func takeEvents(_ all: Bool, _ connection: Database) throws {
        let condition = all ? "1" : "(s.time, s.hash) IN (SELECT time, hash FROM source.operation)"
        let (names, values) = try mapped("event", connection)
        try connection.execute(
            sql: """
                INSERT INTO main.event(\(names.joined(separator: ", ")))
                SELECT \(values.joined(separator: ", ")) FROM source.event s WHERE \(condition)
                """
        )
    }

    // MARK: What is known of the whole alone

    private static func settle(
        _ configuration: CorrelationConfiguration,
        withEvents: Bool,
        _ connection: Database
    ) throws {
        try EventUnion.settleLedger(connection)
        try settleMinutes(connection)
        try settleAttempts(connection)
        _ = try DoubtCheck.undo(connection)
        let (facts, instances) = try Instances.load(connection)
        // A hub that no part saw at work, as one that an export alone names.
        if instances.names.count - 1 > instances.known {
            for (id, entry) in instances.names.enumerated() where id > instances.known {
                try connection.execute(
                    sql: "INSERT INTO instance(id, service, name) VALUES(?, ?, ?)",
                    arguments: [id, entry.service, entry.name]
                )
            }
        }
        let doubts = try DoubtLoader.load(instances, Coverage.load(connection), connection)
        _ = try DoubtCheck.apply(doubts, before: [], instances, configuration, connection)
        if withEvents {
            var times = try DeviceTimesWriter(connection, segment: 0)
            var cursor = try EventCursor(connection, facts, from: .min)
            while let batch = try cursor.next() {
                for event in batch { try times.add(event) }
            }
            try times.flush()
        }
        try SettledCounts.update(changed: 0, from: .min, connection)
        try Correlator.noteMerged(connection, configuration)
    }

    /// Sums up the minutes of hubs.
    ///
    /// A row of a part has the sessions that were open when its minute began. What its minutes opened is the difference to
    /// the part's next row; the sum of these over all parts and earlier minutes is what was open in the whole fleet. As in
    /// a sweep of the whole, only minutes with enough drops or refusals are kept.
    private static func settleMinutes(_ connection: Database) throws {
        let noted = WatchLimits.minuteDevices
        try connection.execute(
            sql: """
                INSERT INTO hub_minute(hub, minute, drops, refusals, connects, sessions, explained)
                SELECT hub, minute, drops, refusals, connects, before, explained FROM (
                    SELECT hub, minute, drops, refusals, connects, explained,
                        coalesce(sum(opened) OVER (
                            PARTITION BY hub ORDER BY minute ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                        ), 0) AS before
                    FROM (
                        SELECT hub, minute, sum(drops) AS drops, sum(refusals) AS refusals, sum(connects) AS connects,
                            sum(explained) AS explained, sum(opened) AS opened
                        FROM (
                            SELECT hub, minute, drops, refusals, connects, explained,
                                coalesce(LEAD(sessions) OVER (PARTITION BY part, hub ORDER BY minute), sessions) - sessions
                                    AS opened
                            FROM temp.stage_minute
                        )
                        GROUP BY hub, minute
                    )
                )
                WHERE hub IS NOT NULL AND (drops >= \(noted) OR refusals >= \(noted) OR explained >= \(noted))
                ORDER BY hub, minute
                """
        )
    }

    /// Numbers the attempts, and the hours' marks by them.
    ///
    /// Those that are over follow each other by the hour in which they ended. The latest one of a registration has the
    /// number that a sweep gives it: `DerivedWriter.latest` and the registration's.
    private static func settleAttempts(_ connection: Database) throws {
        let columns = try connection.columns(in: "attempt").map(\.name).filter { $0 != "id" }.joined(separator: ", ")
        let doubted = try connection.columns(in: "doubted").map(\.name).filter { $0 != "attempt" }
        let latest = DerivedWriter.latest
        try DerivedRows.dropIndexes(connection)
        try connection.execute(
            sql: """
                CREATE TEMP TABLE IF NOT EXISTS map_attempt(part INTEGER, source INTEGER, id INTEGER, bucket INTEGER,
                    PRIMARY KEY(part, source)) WITHOUT ROWID;
                DELETE FROM temp.map_attempt;
                INSERT INTO temp.map_attempt(part, source, id, bucket)
                SELECT part, id, ROW_NUMBER() OVER (ORDER BY bucket, part, id), bucket
                FROM temp.stage_attempt WHERE id < \(latest)
                UNION ALL SELECT part, id, \(latest) + registration, NULL FROM temp.stage_attempt WHERE id >= \(latest);
                INSERT INTO attempt(id, \(columns))
                SELECT m.id, \(columns.split(separator: ", ").map { "s.\($0)" }.joined(separator: ", "))
                FROM temp.stage_attempt s JOIN temp.map_attempt m ON m.part = s.part AND m.source = s.id ORDER BY m.id;
                INSERT INTO doubted(attempt, \(doubted.joined(separator: ", ")))
                SELECT m.id, \(doubted.map { "s.\($0)" }.joined(separator: ", "))
                FROM temp.stage_doubted s JOIN temp.map_attempt m ON m.part = s.part AND m.source = s.attempt;
                CREATE TEMP TABLE IF NOT EXISTS ended(bucket INTEGER PRIMARY KEY, attempts INTEGER);
                DELETE FROM temp.ended;
                INSERT INTO temp.ended SELECT bucket, count(*) FROM temp.map_attempt WHERE bucket IS NOT NULL GROUP BY bucket;
                INSERT INTO hour_mark(hour, attempts, segment)
                SELECT h.hour, (SELECT coalesce(sum(e.attempts), 0) FROM temp.ended e WHERE e.bucket < h.hour), 0
                FROM temp.stage_hour h;
                """
        )
        try DerivedRows.createIndexes(connection)
        for table in stages + ["map_attempt", "ended"] {
            try connection.execute(sql: "DROP TABLE temp.\(table)")
        }
    }
}
