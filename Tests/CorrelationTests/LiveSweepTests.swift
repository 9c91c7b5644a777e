import EventStore
import FleetSimulator
import GRDB
import Glibc
import LogIngest
import TestSupport
import Testing

@testable import Correlation

@Suite struct LiveSweepTests {
    /// A database with what was derived of files.
    private struct Derived {
        var database: LogDatabase
        var summary: CorrelationSummary
        /// All rows of each derived table but the states of checkpoints, which later runs are asked for.
        var tables: [String: [String]]
    }

    private static let folderMode: mode_t = 0o777

    private static func derive(_ files: [String], _ path: String, live: Bool) async throws -> Derived {
        let database = try LogDatabase.open(path)
        var sweep: LiveSweep?
        if live {
            let last = try #require(files.last)
            sweep = try LiveSweep.begin(database, lastTime: FirstTimestamp.latestTime(of: last))
            #expect(sweep != nil)
            var status = stat()
            #expect(stat(path + "-sweep", &status) == 0 && status.st_mode & folderMode == 0o600)
        }
        let report = try await Importer.run(files, into: database, observer: sweep)
        #expect(report.isBalanced)
        let summary = try Correlator.rebuild(database, live: sweep)
        #expect(access(path + "-sweep", F_OK) != 0, "what was written beside the database stays behind")
        return Derived(database: database, summary: summary, tables: try await tables(database))
    }

    private static func tables(_ database: LogDatabase) async throws -> [String: [String]] {
        try await database.access.read { connection in
            let broken = try Row.fetchAll(connection, sql: "PRAGMA foreign_key_check")
            #expect(broken.isEmpty)
            var tables: [String: [String]] = [:]
            for name in DerivedTables.names where name != "checkpoint_part" {
                tables[name] = try Row.fetchAll(connection, sql: "SELECT * FROM \(name)").map { row in
                    row.databaseValues.map(\.description).joined(separator: "|")
                }.sorted()
            }
            return tables
        }
    }

    /// Derives both ways, and expects the same rows.
    ///
    /// - Returns: what came of the live sweep.
    @discardableResult
    private static func expectSame(_ files: [String], _ folder: TestFolder, isLive: Bool) async throws -> Derived {
        let stored = try await derive(files, folder.path + "/stored.db", live: false)
        let live = try await derive(files, folder.path + "/live.db", live: true)
        #expect(live.summary.isLive == isLive && !stored.summary.isLive)
        for name in DerivedTables.names {
            #expect(live.tables[name] == stored.tables[name], "\(name)")
        }
        #expect(live.tables["attempt"]?.isEmpty == false)
        #expect(try FleetSummary.load(live.database) == FleetSummary.load(stored.database))
        return live
    }

    /// Some days of a small fleet in which devices meet often, as one file an hour.
    private static func hours(_ folder: TestFolder, seed: UInt64, events: Int = 9000) throws -> [String] {
        var files: [String] = []
        try LoadGenerator(events: events, devices: 90, seed: seed, perHour: 150).run { number, text in
            files.append(try folder.write(ModuleLines.spread(text), to: "hour-\(100 + number)"))
        }
        return files
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func leavesWhatASweepOfTheStoredEventsLeaves(seed: UInt64) async throws {
        let folder = try TestFolder()
        try await Self.expectSame(Self.hours(folder, seed: seed), folder, isLive: true)
    }

    /// Each hour cut by resource and category, in a random order, with records that other files of the hour repeat.
    @Test(arguments: [4, 5, 6] as [UInt64])
    func takesTheFilesOfAnHourInAnyOrder(seed: UInt64) async throws {
        let folder = try TestFolder()
        var random = SplitMix64(seed: seed)
        var files: [String] = []
        try LoadGenerator(events: 6000, devices: 60, seed: seed, perHour: 150).run { number, text in
            var parts = [[Substring]](repeating: [], count: 4)
            for line in text.split(separator: "\n") {
                let part = Int(random.next() % 4)
                parts[part].append(line)
                if random.next() % 20 == 0 { parts[Int(random.next() % 4)].append(line) }
                if random.next() % 20 == 0 { parts[part].append(line) }
            }
            // Names in the order of reading, and names against it: the place that is kept is the smaller one.
            for (index, lines) in parts.enumerated() {
                let name = seed % 2 == 0 ? index : 3 - index
                let shuffled = random.next() % 3 == 0 ? Array(lines.reversed()) : lines
                let text = shuffled.joined(separator: "\n") + "\n"
                files.append(try folder.write(text, to: "hour-\(100 + number)-\(name)"))
            }
        }
        try await Self.expectSame(files, folder, isLive: true)
    }

    @Test func aFleetWithEverythingWrongGivesTheSame() async throws {
        let folder = try TestFolder()
        let fleet = Fleet.troubled(devices: 3000, seed: 7)
        try FleetFiles.write(fleet.book) { try folder.write($1, to: "logs/\($0)") }
        let files = try InputFiles.list([folder.path + "/logs"])
        let stored = try await Self.derive(files, folder.path + "/stored.db", live: false)
        let live = try await Self.derive(files, folder.path + "/live.db", live: true)
        for name in DerivedTables.names { #expect(live.tables[name] == stored.tables[name], "\(name)") }
    }

    /// What a live sweep cannot take: it is made over the stored events then.
    @Test(arguments: [
        // A hub whose name comes before others; a spelling that does; an export; Event Grid.
        LogLines.connect(60 * 3600, "unit-100001", hub: "HUB-", code: "401003"),
        LogLines.registration(60 * 3600, "UNIT-100003", hub: "hub-0"),
        #"{"registrationId":"unit-100002","status":"assigned","assignedHub":"hub-0.azure-devices.net"}"#,
        """
        {"id":"e1","topic":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.DEVICES/IOTHUBS/HUB-0",\
        "subject":"devices/unit-100004","eventType":"Microsoft.Devices.DeviceConnected",\
        "eventTime":"2026-11-22T20:00:00Z","data":{"hubName":"hub-0","deviceId":"unit-100004"},\
        "dataVersion":"1","metadataVersion":"1"}
        """,
    ])
    func givesUpWhereTheSweepWouldBeAnother(line: String) async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 8, events: 3000) + [folder.write(line, to: "last")]
        try await Self.expectSame(files, folder, isLive: false)
    }

    @Test func givesUpWhereAFileComesTooLate() async throws {
        let folder = try TestFolder()
        var files = try Self.hours(folder, seed: 7, events: 3000)
        files.append(files.remove(at: 2))
        try await Self.expectSame(files, folder, isLive: false)
    }

    @Test func namesThatComeLaterInTheirOrderDoNotEndIt() async throws {
        let folder = try TestFolder()
        let lines = ["HUB-4", "HUB-9", "hub-9"].enumerated().map { index, hub in
            LogLines.connect(60 * 3600 + index, "unit-100001-new", hub: hub)
        }
        let files =
            try Self.hours(folder, seed: 9, events: 3000) + [folder.write(lines.joined(separator: "\n"), to: "z")]
        try await Self.expectSame(files, folder, isLive: true)
    }

    @Test func laterRunsGoOnFromItsCheckpoints() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 10)
        let live = try await Self.derive(Array(files[..<40]), folder.path + "/live.db", live: true)
        #expect(live.summary.isLive)
        for part in [files[40..<47], files[47...]] {
            _ = try await Importer.run(Array(part), into: live.database)
            #expect(try Correlator.rebuild(live.database).resumedFrom != nil)
        }
        let whole = try await Self.derive(files, folder.path + "/whole.db", live: false)
        let tables = try await Self.tables(live.database)
        // Attempts are numbered as they end, and times are kept in as many pieces as there were runs.
        for name in ["unexplained", "explained", "coverage_hour", "device_total", "registration_total", "hub_minute"] {
            #expect(tables[name] == whole.tables[name], "\(name)")
        }
        #expect(tables["attempt"]?.count == whole.tables["attempt"]?.count)
    }

    @Test func isForAnEmptyDatabaseInAFileAlone() async throws {
        let folder = try TestFolder()
        let file = try folder.write(LogLines.connect(0, "a"), to: "one")
        let database = try LogDatabase.open(folder.path + "/known.db")
        _ = try await Importer.run([file], into: database)
        #expect(try LiveSweep.begin(database, lastTime: nil) == nil)
        #expect(try LiveSweep.begin(LogDatabase.inMemory(), lastTime: nil) == nil)
        #expect(access(folder.path + "/known.db-sweep", F_OK) != 0)
    }

    @Test func whereNothingCanBeWrittenBesideItIsSweptAfterwards() async throws {
        let folder = try TestFolder()
        // A folder stands where the other database would.
        try folder.write("in the way", to: "fleet.db-sweep/file")
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        #expect(try LiveSweep.begin(database, lastTime: nil) == nil)
    }

    @Test func aLaterRunRemovesWhatAKilledOneLeft() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 13, events: 300)
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        _ = try await Importer.run(Array(files.prefix(1)), into: database)
        try folder.write("rubbish", to: "fleet.db-sweep")
        _ = try await Importer.run(files, into: database)
        #expect(access(folder.path + "/fleet.db-sweep", F_OK) != 0)
    }

    @Test func aSweepOfAnotherConfigurationIsNotTakenOver() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 14, events: 1500)
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let sweep = try #require(try LiveSweep.begin(database, lastTime: nil))
        _ = try await Importer.run(files, into: database, observer: sweep)
        var configuration = CorrelationConfiguration()
        configuration.connectWindow += 1
        #expect(try Correlator.rebuild(database, configuration: configuration, live: sweep).isLive == false)
        #expect(access(folder.path + "/fleet.db-sweep", F_OK) != 0)
    }

    @Test func aZeroInATextIsNoEndOfIt() async throws {
        let folder = try TestFolder()
        let lines = [
            LogLines.registration(60, "unit-1", hub: "hub-a", group: #"grp\\u0000x"#),
            LogLines.connect(90, #"unit-1\\u0000x"#), LogLines.connect(95, "unit-2"),
        ]
        let file = try folder.write(lines.joined(separator: "\n"), to: "one")
        let live = try await Self.expectSame([file], folder, isLive: true)
        let names = try await live.database.access.read { connection in
            try String.fetchAll(connection, sql: "SELECT name FROM identity ORDER BY id")
                + String.fetchAll(connection, sql: "SELECT enrollment_group FROM attempt")
        }
        #expect(names == ["unit-1", "unit-1\u{FFFD}x", "unit-2", "grp\u{FFFD}x"])
        // Numbers that are taken up again are the same.
        let more = try folder.write(LogLines.connect(200, "unit-2"), to: "two")
        _ = try await Importer.run([more], into: live.database)
        let known = try await live.database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM identity") }
        #expect(known == 3)
    }

    @Test func aRunThatBreaksOffLeavesNothingBehind() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 11, events: 1500)
        let path = folder.path + "/fleet.db"
        // What a killed run left.
        try folder.write("rubbish", to: "fleet.db-sweep")
        let database = try LogDatabase.open(path)
        let sweep = try #require(try LiveSweep.begin(database, lastTime: nil))
        _ = try await Importer.run(Array(files.prefix(4)), into: database, observer: sweep)
        sweep.discard()
        #expect(access(path + "-sweep", F_OK) != 0)
        // The next run reads the rest and sweeps all of it.
        _ = try await Importer.run(files, into: database)
        #expect(try Correlator.rebuild(database).isLive == false)
        let whole = try await Self.derive(files, folder.path + "/whole.db", live: false)
        let tables = try await Self.tables(database)
        for name in DerivedTables.names { #expect(tables[name] == whole.tables[name], "\(name)") }
    }

    @Test func aGlanceTakesNothingOutOfAPipe() throws {
        let folder = try TestFolder()
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(FirstTimestamp.latestTime(of: pipe) == nil)
        // Standard input, and no file of this name.
        #expect(FirstTimestamp.latestTime(of: "-") == nil)
        let lines = [LogLines.connect(1, "a"), LogLines.connect(7, "b"), LogLines.disconnect(5, "a")]
        let file = try folder.write(lines.joined(separator: "\n"), to: "file")
        let last = try #require(FirstTimestamp.latestTime(of: file))
        #expect(last % 60_000_000 == 7_000_000)
    }

    @Test func filesWithoutAnEventGiveAnEmptyDatabase() async throws {
        let folder = try TestFolder()
        let file = try folder.write("no record\n", to: "bad")
        let live = try await Self.derive([file], folder.path + "/live.db", live: true)
        #expect(live.tables["attempt"] == [] && !live.summary.isLive)
    }
}
