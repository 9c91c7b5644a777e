import AzureLogs
public import EventStore
public import GRDB

/// Derives attempts, journeys, explained errors and coverage from the events.
public enum Correlator {
    /// Brings the derived tables up to the events, if they are not.
    ///
    /// Everything is written in one transaction, and depends on the events' content alone: not on the order in which
    /// they were read.
    ///
    /// - Throws: `DatabaseError`.
    public static func rebuild(
        _ database: LogDatabase,
        configuration: CorrelationConfiguration = CorrelationConfiguration()
    ) throws -> CorrelationSummary {
        try database.access.write { connection in
            if try isCurrent(connection, configuration: configuration) {
                var summary = CorrelationSummary()
                summary.isCurrent = true
                return summary
            }
            let summary = try derive(database, connection, configuration)
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('derived', ?)",
                arguments: [state(connection, configuration)]
            )
            return summary
        }
    }

    /// Whether the derived tables are of the state of the events.
    ///
    /// - Throws: `DatabaseError`.
    public static func isCurrent(_ connection: Database, configuration: CorrelationConfiguration) throws -> Bool {
        let derived = try String.fetchOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'")
        return derived == (try state(connection, configuration))
    }

    private static func state(_ connection: Database, _ configuration: CorrelationConfiguration) throws -> String {
        "\(try Revision.current(connection)) \(configuration.digest)"
    }

    private static let indexes = [
        ("attempt_registration", "attempt(registration)"),
        ("attempt_device", "attempt(device) WHERE device <> spelling"),
    ]

    private static func derive(
        _ database: LogDatabase,
        _ connection: Database,
        _ configuration: CorrelationConfiguration
    ) throws -> CorrelationSummary {
        let derived = [
            "finding", "registration_total", "device_times", "watched", "attempt", "unexplained", "explained",
            "coverage_hour", "instance",
        ]
        for table in derived { try connection.execute(sql: "DELETE FROM \(table)") }
        // Filling an index in the order of its keys afterwards is several times faster than as the rows come.
        for (name, _) in indexes { try connection.execute(sql: "DROP INDEX IF EXISTS \(name)") }
        var (facts, instances) = try Instances.load(connection)
        for (id, entry) in instances.names.enumerated() where id > 0 {
            try connection.execute(
                sql: "INSERT INTO instance(id, service, name) VALUES(?, ?, ?)",
                arguments: [id, entry.service, entry.name]
            )
        }
        let snapshots = try SnapshotLoader.load(connection, &instances)
        let (leaders, order) = try identities(connection)
        let known = try coverage(before: connection, facts, instances.words)
        var sweep = Sweep(
            configuration: configuration,
            facts: facts,
            coverage: known,
            leaders: leaders,
            snapshots: snapshots.byLeader(leaders)
        )
        var writer = try DerivedWriter(connection, instances.words)
        var times = try DeviceTimesWriter(connection, highestIdentity: leaders.count - 1)
        var tally = CoverageTally(facts, instances.words)
        func take(_ batch: [SweepEvent]) throws {
            for event in batch {
                try times.add(event)
                tally.add(event.time, event.context, copies: event.copies)
                try sweep.take(event, &writer)
            }
        }
        if let pool = database.access as? DatabasePool {
            let feed = EventFeed(pool, facts)
            defer { feed.drain() }
            while let batch = try feed.next() { try take(batch) }
        } else {
            var cursor = try EventCursor(connection, facts)
            while let batch = try cursor.next() { try take(batch) }
        }
        try times.flush()
        try sweep.finish(order, &writer)
        try writer.finish(connection)
        let coverage = tally.result()
        try write(coverage, connection)
        try CoverageCheck.apply(coverage, window: configuration.connectWindow, connection)
        try WatchedDevices.write(sweep.watched, sweep.busySpans, connection)
        for (name, columns) in indexes { try connection.execute(sql: "CREATE INDEX \(name) ON \(columns)") }
        return writer.summary
    }

    /// For every identity the smallest of the spellings that differ by case only; and all in the order of names.
    private static func identities(_ connection: Database) throws -> (leaders: [Int], order: [Int]) {
        let highest = try Int.fetchOne(connection, sql: "SELECT max(id) FROM identity") ?? 0
        var leaders = [Int](repeating: 0, count: highest + 1)
        var order: [Int] = []
        var leader = 0
        var folded: [UInt8]?
        let statement = try PreparedStatement(connection, "SELECT id, folded FROM identity ORDER BY folded, name")
        while try statement.next() {
            let id = Int(statement.integer(0))
            let text = statement.bytes(1)
            if text != folded {
                folded = text
                leader = id
            }
            leaders[id] = leader
            order.append(id)
        }
        return (leaders, order)
    }

    /// Event Grid's events count only where no connection log covers them, so then the coverage must be known first.
    private static func coverage(
        before connection: Database,
        _ facts: [ContextFacts],
        _ words: Words
    ) throws -> Coverage? {
        guard facts.contains(where: \.isEventGrid) else { return nil }
        var tally = CoverageTally(facts, words)
        let statement = try PreparedStatement(connection, "SELECT time, context, copies FROM event ORDER BY time, hash")
        while try statement.next() {
            tally.add(statement.integer(0), Int(statement.integer(1)), copies: Int(statement.integer(2)))
        }
        return tally.result()
    }

    private static func write(_ coverage: Coverage, _ connection: Database) throws {
        let insert = try PreparedStatement(
            connection,
            "INSERT INTO coverage_hour(instance, category, hour, records, first_time, last_time) VALUES(?, ?, ?, ?, ?, ?)"
        )
        for (stream, hours) in coverage.hours {
            for hour in hours {
                insert.bind(1, Int64(stream.instance))
                insert.bind(2, stream.category)
                insert.bind(3, hour.start)
                insert.bind(4, Int64(hour.records))
                insert.bind(5, hour.first)
                insert.bind(6, hour.last)
                try insert.run()
            }
        }
    }
}
