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
    /// - Parameter live: a sweep of the events that was made while they were stored; used up, whether or not it holds.
    /// - Throws: `DatabaseError`; `CancellationError` if the database's sign is raised; then nothing is changed.
    public static func rebuild(
        _ database: LogDatabase,
        configuration: CorrelationConfiguration = CorrelationConfiguration(),
        live: LiveSweep? = nil
    ) throws -> CorrelationSummary {
        // Beside the end of the sweep, which has a core to itself.
        if live != nil { startWALCheckpoint(database) }
        let isFitting = live?.configuration == configuration.digest
        let swept = isFitting ? live?.finish() : nil
        defer { live?.discard() }
        return try database.access.writeWithoutTransaction { connection in
            if try isCurrent(connection, configuration: configuration) {
                var summary = CorrelationSummary()
                summary.isCurrent = true
                return summary
            }
            if try PartMark.isMerged(connection) {
                throw StoreError(
                    .failed,
                    "\(database.path) was united from parts by other settings or another dpslens; run `dpslens merge` again"
                )
            }
            // Each of a row's ten ids would be looked for as it is written; all of them come from the events' own rows.
            // `startWALCheckpoint` writes the WAL into the database beside the rules.
            try connection.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0")
            defer {
                // Only a closed connection refuses this, and nothing can be written by one.
                try? connection.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000")
            }
            if let live, let swept {
                let summary = try? live.copying(to: connection) {
                    try commit(connection, configuration) { try derive(from: swept, configuration, connection) }
                }
                // What failed, if anything did, changed nothing: the sweep of the stored events meets it again or does not.
                if let summary = summary ?? nil { return summary }
                try database.stop.check()
            }
            return try commit(connection, configuration) { try derive(database, connection, configuration) }
                ?? CorrelationSummary()
        }
    }

    /// Derives in one transaction, and notes of which state.
    ///
    /// - Parameter derive: gives nil if it could not, and then has changed nothing.
    private static func commit(
        _ connection: Database,
        _ configuration: CorrelationConfiguration,
        _ derive: () throws -> CorrelationSummary?
    ) throws -> CorrelationSummary? {
        var summary: CorrelationSummary?
        try connection.inTransaction {
            summary = try derive()
            if summary == nil { return .rollback }
            try connection.execute(
                sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('derived', ?)",
                arguments: [state(connection, configuration)]
            )
            return .commit
        }
        return summary
    }

    /// Takes over what was derived while the events were stored.
    ///
    /// - Returns: nil if it is not of all events, or if they would be numbered otherwise.
    private static func derive(
        from swept: SweptEvents,
        _ configuration: CorrelationConfiguration,
        _ connection: Database
    ) throws -> CorrelationSummary? {
        try DerivedRows.deleteAll(connection)
        let (facts, instances) = try Instances.load(connection)
        guard try swept.isWhole(facts, instances, leaders(connection), connection) else { return nil }
        try DerivedRows.insert(instances, connection)
        try DerivedRows.dropIndexes(connection)
        try ScratchDatabase.copyRows(connection)
        var summary = try settle(swept.outcome, SweepStart(), [], configuration, facts, instances, connection)
        summary.isLive = true
        return summary
    }

    /// Starts to write the WAL into the database, while others read.
    ///
    /// It need not finish: the WAL is part of the database, and the last connection that closes empties it.
    public static func startWALCheckpoint(_ database: LogDatabase) {
        guard let pool = database.access as? DatabasePool else { return }
        pool.asyncWriteWithoutTransaction { connection in _ = try? connection.checkpoint(.passive) }
    }

    /// Whether the derived tables are of the state of the events.
    ///
    /// - Throws: `DatabaseError`.
    public static func isCurrent(_ connection: Database, configuration: CorrelationConfiguration) throws -> Bool {
        let derived = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'derived'")
        return derived == (try state(connection, configuration))
    }

    /// The same of a database, by the standard settings unless others are given.
    public static func isCurrent(
        _ database: LogDatabase,
        configuration: CorrelationConfiguration = CorrelationConfiguration()
    ) throws -> Bool {
        try database.access.read { try isCurrent($0, configuration: configuration) }
    }

    /// Says that what a union of parts brought is of the state of its events.
    static func noteMerged(_ connection: Database, _ configuration: CorrelationConfiguration) throws {
        try connection.execute(
            sql: """
                INSERT INTO setting(name, value) VALUES('revision', '1')
                ON CONFLICT(name) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)
                """
        )
        try connection.execute(
            sql: "INSERT OR REPLACE INTO setting(name, value) VALUES('derived', ?)",
            arguments: [state(connection, configuration)]
        )
    }

    private static func state(_ connection: Database, _ configuration: CorrelationConfiguration) throws -> String {
        "\(try Revision.current(connection)) \(configuration.digest)"
    }

    private static func derive(
        _ database: LogDatabase,
        _ connection: Database,
        _ configuration: CorrelationConfiguration
    ) throws -> CorrelationSummary {
        let doubted = try DoubtCheck.undo(connection)
        var (facts, instances) = try Instances.load(connection)
        var snapshots = try DPSExportLoader.load(connection, &instances)
        let leaders = try leaders(connection)
        let changed = try Revision.changedSince(connection)
        let isNamed = instances.names.count - 1 == instances.known
        let canResume = changed != nil && isNamed && !facts.contains(where: \.isEventGrid)
        if !isNamed {
            // Numbered again in the order of names, since ties between hubs go by number.
            try DerivedRows.deleteAll(connection)
            (facts, instances) = try Instances.load(connection)
            snapshots = try DPSExportLoader.load(connection, &instances)
        }
        var known = try coverage(before: connection, facts, instances.words)
        try known?.addFleet(instances, since: .min, connection)
        var sweep = Sweep(
            configuration: configuration,
            facts: facts,
            coverage: known,
            leaders: leaders,
            snapshots: snapshots.byLeader(leaders),
            groups: snapshots.groups,
            paths: try filePaths(connection),
            instances: instances.names.count - 1
        )
        sweep.isPart = try PartMark.of(connection) != nil
        var writer = try DerivedWriter(connection, instances.words)
        let checkpoints = Checkpoints(
            basis: try Checkpoints.basis(configuration, connection),
            leaders,
            instances.words,
            instances: instances.names.count - 1
        )
        var start = SweepStart()
        if canResume, let changed {
            start = try checkpoints.resume(&sweep, &writer, changedSince: changed, connection)
        }
        if start.isResumed {
            try DerivedRows.delete(from: start, pending: sweep, connection)
            try writer.reopenExplained(since: start.time, connection)
        } else {
            try DerivedRows.deleteAll(connection)
            try DerivedRows.insert(instances, connection)
            // Filling an index in the order of its keys afterwards is several times faster than as the rows come.
            try DerivedRows.dropIndexes(connection)
        }
        // Whoever kept one would have all states copied at the first event.
        let pass = try SweepPass(
            consume sweep,
            consume writer,
            checkpoints,
            from: start,
            wanted: Checkpoints.wanted(after: start, connection),
            CoverageTally(facts),
            connection
        )
        let outcome = try run(consume pass, start, facts, database, connection)
        return try settle(outcome, start, doubted, configuration, facts, instances, connection)
    }

    /// Takes the events from the start on.
    private static func run(
        _ pass: consuming SweepPass,
        _ start: SweepStart,
        _ facts: [ContextFacts],
        _ database: LogDatabase,
        _ connection: Database
    ) throws -> SweepOutcome {
        if let pool = database.access as? DatabasePool {
            let feed = EventFeed(pool, facts, from: start.time)
            defer { feed.drain() }
            while let batch = try feed.next() {
                try database.stop.check()
                try pass.take(batch[...])
            }
        } else {
            var cursor = try EventCursor(connection, facts, from: start.time)
            while let batch = try cursor.next() {
                try database.stop.check()
                try pass.take(batch[...])
            }
        }
        let coverage = try pass.finish(isResumed: start.isResumed)
        return SweepOutcome(pass, coverage)
    }

    /// Writes what is known at the end only.
    private static func settle(
        _ outcome: SweepOutcome,
        _ start: SweepStart,
        _ doubted: Set<Int64>,
        _ configuration: CorrelationConfiguration,
        _ facts: [ContextFacts],
        _ instances: Instances,
        _ connection: Database
    ) throws -> CorrelationSummary {
        if !start.isResumed { try DerivedRows.createIndexes(connection) }
        try judge(outcome, start, doubted, configuration, instances, connection)
        try WatchedDevices.write(outcome.watched, outcome.busySpans, facts, from: start.time, connection)
        try Checkpoints.thin(connection)
        try Revision.settle(connection)
        var summary = outcome.summary
        if start.isResumed { summary.resumedFrom = start.time }
        return summary
    }

    /// Writes the coverage, and takes back what it and what could not be read do not allow to say of attempts.
    ///
    /// - Parameter doubted: the attempts that were in doubt in the run before.
    private static func judge(
        _ outcome: SweepOutcome,
        _ start: SweepStart,
        _ doubted: Set<Int64>,
        _ configuration: CorrelationConfiguration,
        _ instances: Instances,
        _ connection: Database
    ) throws {
        var coverage = outcome.coverage
        if !start.isResumed {
            try coverage.recallPruned(connection)
            // Of the devices that are left from before nothing can be said of a hub as a whole.
            try connection.execute(
                sql: "DELETE FROM hub_minute WHERE minute < ?",
                arguments: [try Pruner.prunedBefore(connection)]
            )
        }
        try coverage.addFleet(instances, since: start.isResumed ? start.time : .min, connection)
        var whole = coverage
        var since: (time: Int64, attempt: Int) = (.min, 0)
        if start.isResumed {
            let before = try Coverage.load(connection)
            since = try CoverageCheck.reopen(
                start,
                known: before,
                grown: coverage,
                window: configuration.connectWindow,
                connection
            )
            whole = before
            whole.append(coverage)
        }
        try write(coverage, connection)
        try CoverageCheck.apply(
            whole,
            window: configuration.connectWindow,
            since: since,
            also: outcome.revised,
            connection
        )
        let doubts = try DoubtLoader.load(instances, whole, connection)
        let changed = try DoubtCheck.apply(doubts, before: doubted, instances, configuration, connection)
        let behind = min(since.attempt, changed.map { Int($0) - 1 } ?? .max)
        try SettledCounts.update(changed: behind, from: start.time, connection)
    }

    /// The paths of all files that were read.
    private static func filePaths(_ connection: Database) throws -> FilePaths {
        var paths = FilePaths()
        for row in try CheckedRow.all(connection, sql: "SELECT id, path FROM file ORDER BY id") {
            paths.learn(try row[0], try row[1])
        }
        return paths
    }

    /// For every identity the smallest of the spellings that differ by case only.
    private static func leaders(_ connection: Database) throws -> [Int] {
        let highest = try RowNumbers.highest(of: "identity", connection)
        var leaders = Array(0...highest)
        let spelled = try PreparedStatement(
            connection,
            """
            SELECT id, folded FROM identity
            WHERE folded IN (SELECT folded FROM identity GROUP BY folded HAVING count(*) > 1) ORDER BY folded, name
            """
        )
        var leader = 0
        var folded: [UInt8]?
        while try spelled.next() {
            let id = spelled.index(0, below: leaders.count)
            let text = spelled.bytes(1)
            if text != folded {
                folded = text
                leader = id
            }
            leaders[id] = leader
        }
        return leaders
    }

    /// Event Grid's events count only where no connection log covers them, so then the coverage must be known first.
    private static func coverage(
        before connection: Database,
        _ facts: [ContextFacts],
        _ words: InternedTexts
    ) throws -> Coverage? {
        guard facts.contains(where: \.isEventGrid) else { return nil }
        var tally = CoverageTally(facts)
        let statement = try PreparedStatement(connection, "SELECT time, context, copies FROM event ORDER BY time, hash")
        while try statement.next() {
            tally.add(
                statement.integer(0),
                statement.index(1, below: facts.count),
                copies: statement.index(2, below: Int(Int32.max))
            )
        }
        return tally.result()
    }

    private static func write(_ coverage: Coverage, _ connection: Database) throws {
        let insert = try RowInserter<CoverageHourColumn>(connection)
        for (stream, hours) in coverage.hours {
            for hour in hours {
                try insert.write { row in
                    row.bind(.instance, Int64(stream.instance))
                    row.bind(.category, stream.category.rawValue)
                    row.bind(.hour, hour.start)
                    row.bind(.records, Int64(hour.records))
                    row.bind(.firstTime, hour.first)
                    row.bind(.lastTime, hour.last)
                }
            }
        }
    }
}
