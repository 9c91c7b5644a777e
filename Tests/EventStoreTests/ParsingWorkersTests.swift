import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import EventStore

/// The database does not depend on how many tasks parsed.
@Suite struct ParsingWorkersTests {
    /// Everything a database holds but the blocks of raw texts, whose bytes depend on what a worker has learned.
    private static func dump(_ database: LogDatabase) throws -> [String] {
        try database.access.read { connection in
            let tables = try String.fetchAll(
                connection,
                sql: """
                    SELECT name FROM sqlite_master
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('raw_block', 'grdb_migrations')
                    ORDER BY name
                    """
            )
            return try tables.flatMap { table in
                let columns = try connection.columns(in: table).indices.map { "\($0 + 1)" }.joined(separator: ",")
                return try Row.fetchAll(connection, sql: "SELECT * FROM \"\(table)\" ORDER BY \(columns)").map { row in
                    table + ": " + row.map { "\($0.1)" }.joined(separator: "|")
                }
            }
        }
    }

    /// The raw texts by which some of the events are cited, or what is there instead.
    private static func texts(_ database: LogDatabase) throws -> [String] {
        let rows = try QueryRunner.run(
            "SELECT file, line FROM events WHERE line % 11 = 3 ORDER BY file, line",
            in: database
        ).rows
        return try rows.map { row in
            let line = try #require(Int(row[1].plain))
            return try RawRecords.texts(path: row[0].plain, line: line, in: database).joined(separator: "\n")
        }
    }

    private static func read(
        _ paths: [String],
        tasks: Int,
        most: Int = 1,
        _ census: ParsingCensus? = nil
    ) async throws -> LogDatabase {
        let database = try LogDatabase.inMemory()
        var options = IngestOptions()
        options.parsingTasks = tasks
        options.mostParsingTasks = most
        let report = try await Importer.run(paths, into: database, options: options, census: census)
        #expect(report.isBalanced)
        return database
    }

    /// Several files of some chunks each, with what is hard to put together again.
    private static func files(_ folder: TestFolder, _ seed: UInt64) throws -> [String] {
        var random = SplitMix64(seed: seed)
        var plain = ""
        SickLoadGenerator(events: 1500, devices: 300, seed: seed, perHour: 1500).run { _, files in
            plain += files.map(\.text).joined()
        }
        var variation = VariedRecords(seed: seed)
        let lines = plain.split(separator: "\n").map(String.init)
        var damaged = lines
        // Single rejects anywhere, and runs of them that are longer than chunks and than what waits.
        for _ in 0..<40 {
            let at = Int(random.next() % UInt64(damaged.count))
            let run = random.next() % 8 == 0 ? Int(random.next() % 1800) : 1
            let rest = String(repeating: "x", count: 200)
            damaged.insert(contentsOf: (0..<run).map { "{\"time\": broken \($0) \(rest)" }, at: at)
        }
        let envelopes = stride(from: 0, to: lines.count, by: 7).map { start in
            "{\"records\":[" + lines[start..<min(start + 7, lines.count)].joined(separator: ",") + "]}"
        }
        let named = (0..<700).map { LogLines.registration($0, "r-\($0 % 40)", correlation: "c-\($0 % 90)") }
        let secrets = (0..<900).map {
            LogLines.connect($0, "SharedAccessKey=\(random.next() % 5)abcdefgh;dev-\($0 % 3)", code: "401003")
        }
        let other = (0..<900).map {
            #"{"time":"2026-11-20T08:00:00Z","category":"Routes","operationName":"x\#($0 % 3)"}"#
        }
        return try [
            folder.write(plain, to: "a"), folder.write(variation.vary(plain), to: "b"),
            folder.write(damaged.joined(separator: "\n"), to: "c"),
            folder.write(envelopes.joined(separator: "\n"), to: "d"),
            folder.write("[" + lines.reversed().joined(separator: ",") + "]", to: "e"),
            folder.write((named + secrets + other + named).joined(separator: "\n"), to: "f"),
            folder.write("", to: "g"),
        ]
    }

    @Test(arguments: [1])
    func theSameDatabaseComesOfAnyNumberOfTasks(_ seed: UInt64) async throws {
        let folder = try TestFolder()
        let paths = try Self.files(folder, seed)
        let alone = try await Self.read(paths, tasks: 1)
        let (dump, texts) = (try Self.dump(alone), try Self.texts(alone))
        #expect(dump.count > 3000 && texts.count { !$0.isEmpty } > 20)
        for tasks in [2, 5] {
            let census = ParsingCensus()
            let together = try await Self.read(paths, tasks: tasks, most: tasks, census)
            #expect(try Self.dump(together) == dump)
            #expect(try Self.texts(together) == texts)
            #expect(census.pieces.count == tasks)
            #expect(census.most <= tasks)
        }
    }

    @Test func othersGoOnInTheMiddleOfAFileWhoseRecordsDoNotRepeat() async throws {
        var plain = ""
        SickLoadGenerator(events: 6000, devices: 900, seed: 9, perHour: 6000).run { plain += $1.map(\.text).joined() }
        var variation = VariedRecords(seed: 9)
        var lines = variation.vary(plain).split(separator: "\n").map(String.init)
        for at in stride(from: 5, to: lines.count, by: 97) { lines[at] = "{\"time\": broken" }
        let folder = try TestFolder()
        let paths = try [folder.write(lines.joined(separator: "\n"), to: "a"), folder.write(plain, to: "b")]
        let alone = try await Self.read(paths, tasks: 1)
        let census = ParsingCensus()
        let shared = try await Self.read(paths, tasks: 1, most: 2, census)
        #expect(try Self.dump(shared) == Self.dump(alone))
        #expect(try Self.texts(shared) == Self.texts(alone))
        #expect(census.pieces.count == 2 && census.most <= 2)
        // Records that repeat are read by one.
        let none = ParsingCensus()
        _ = try await Self.read([paths[1]], tasks: 1, most: 2, none)
        #expect(none.pieces.isEmpty)
    }

    @Test func workersThatForgetGiveTheSameNumbers() async throws {
        // More contexts than a worker holds, so that its numbers begin again.
        let most = ParsingWorkers.most.contexts
        let lines = (0..<most * 2).map { number in
            LogLines.connect(number / 9, "dev-\(number % 50)", hub: "HUB-\(number % (most + 700))")
        }
        let folder = try TestFolder()
        let path = try folder.write(lines.joined(separator: "\n"), to: "a")
        let dump = try Self.dump(try await Self.read([path], tasks: 1))
        #expect(try Self.dump(try await Self.read([path], tasks: 2)) == dump)
    }

    @Test func manyCoresGiveManyTasks() {
        let cores = [1, 2, 3, 4, 8, 16, 64]
        #expect(cores.map(ParsingWorkers.suggested) == [1, 1, 1, 2, 4, 8, 8])
        #expect(cores.map { ParsingWorkers.most(cores: $0) } == [1, 2, 2, 2, 4, 8, 8])
    }
}
