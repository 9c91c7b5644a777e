import EventStore
import FleetSimulator
import Foundation
import GRDB
import TestSupport
import Testing

/// Databases that are damaged: every command ends with an exit code that says so, or does not meet the damage.
///
/// Each case damages eight; `DPSLENS_DAMAGED_DATABASES` says another number, and `DPSLENS_DAMAGED_FROM` another first seed.
@Suite struct DamagedDatabaseTests {
    /// What a number, a text or nothing may have become.
    private static let values: [(any DatabaseValueConvertible & Sendable)?] = [
        0, -1, 1, Int64(Int32.max), Int64(Int32.min), Int64(UInt32.max) + 1, Int64.max, Int64.min, Int64(1) << 53,
        Int64(1) << 62, nil, "", "x", "-1", String(repeating: "9", count: 30), 1e300,
    ]

    /// The seeds of one part of the cases.
    private static func seeds(_ part: Int) -> Range<UInt64> {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        let first = UInt64(part) * 100_000 + (number("DPSLENS_DAMAGED_FROM") ?? 0)
        return first..<first + (number("DPSLENS_DAMAGED_DATABASES") ?? 8)
    }

    private static let commands = [
        ["status"], ["coverage"], ["rejects"], ["findings", "--format", "csv"], ["report", "--format", "html"],
        ["device", "truck-01"], ["incidents", "list"], ["ingest", "samples/rollout-429-backoff"],
        ["analyze", "samples/never-connected-site", "-q"], ["prune", "--keep", "1d"],
        ["rules", "test", "registration-loop", "--against-db", "--since", "2026-01-01"],
        ["query", "--sql", "SELECT * FROM events"], ["query", "--sql", "SELECT * FROM attempts"],
        ["findings", "--format", "sarif"], ["findings", "--format", "timesketch"], ["findings", "--format", "junit"],
        ["findings", "--format", "prometheus"], ["report", "--format", "json"], ["report", "--format", "markdown"],
        ["device", "truck-01", "--raw", "--all"], ["device", "truck-01", "--format", "json"],
        ["evidence", "samples/rollout-429-backoff:1"], ["ingest", "samples/rollout-429-backoff", "--again"],
        ["incidents", "list", "--format", "json"], ["report", "--since", "2026-03-02", "--until", "2026-03-03"],
    ]

    private static func base(_ folder: TestFolder) throws -> [UInt8] {
        let db = folder.path + "/base.db"
        let rubbish = try folder.write("rubbish\n", to: "rubbish.json")
        let run = try Binary.run("analyze", CommandTests.sample, rubbish, "--db", db, "-q")
        #expect(run.code == 0, "\(run.error)")
        let database = try LogDatabase.open(db)
        try database.access.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        return try TestFolder.read(db)
    }

    /// Runs some commands on a database and looks at how they end.
    private static func tryCommands(_ path: String, _ random: inout SplitMix64, _ what: String) throws {
        for arguments in commands.shuffled(using: &random).prefix(4) {
            let run = try Binary.run(arguments + ["--db", path])
            // A name that the damage took away is not found any more.
            let isGone = run.code == 64 && ["evidence", "device"].contains(arguments[0])
            #expect(
                isGone || [0, 1, 2, 3, 4].contains(run.code),
                "\(what): \(arguments): \(run.code) \(run.error.prefix(300))"
            )
            if run.code >= 3 { #expect(run.error.hasPrefix("dpslens: "), "\(what): \(arguments): \(run.error)") }
        }
    }

    /// How many lines say an event is counted to: fewer than none once ended the sweep.
    @Test(arguments: [-1, Int64(Int32.max) + 1])
    func anEventThatStandsLessThanOnceIsTold(_ copies: Int64) throws {
        let folder = try TestFolder()
        let path = try folder.write(Self.base(folder), to: "x.db")
        let database = try LogDatabase.open(path)
        try database.access.writeWithoutTransaction { connection in
            try connection.execute(
                sql: "PRAGMA ignore_check_constraints = ON; DELETE FROM setting WHERE name = 'derived'"
            )
            try connection.execute(
                sql:
                    "UPDATE event SET copies = ? WHERE context IN (SELECT id FROM context WHERE kind = 'registration')",
                arguments: [copies]
            )
            _ = try connection.checkpoint(.truncate)
        }
        let run = try Binary.run("incidents", "list", "--db", path)
        #expect(run.code == 3 && run.error.contains("damaged"), "\(run.code) \(run.error.prefix(300))")
    }

    @Test(arguments: 0..<4)
    func valuesThatNothingWritesDoNotEndAnyCommandInACrash(_ part: Int) throws {
        let folder = try TestFolder()
        let base = try Self.base(folder)
        for seed in Self.seeds(part) {
            var random = SplitMix64(seed: seed)
            let path = try folder.write(base, to: "x-\(seed).db")
            var what = "seed \(seed)"
            do {
                let database = try LogDatabase.open(path)
                try database.access.writeWithoutTransaction { connection in
                    try connection.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
                    let tables = try String.fetchAll(
                        connection,
                        sql:
                            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1"
                    )
                    for _ in 0..<(1 + random.next() % 3) {
                        guard let table = tables.randomElement(using: &random),
                            let column = try connection.columns(in: table).randomElement(using: &random)?.name
                        else { continue }
                        let value = Self.values.randomElement(using: &random) ?? nil
                        what += " \(table).\(column)=\(value.map { "\($0)" } ?? "NULL")"
                        // What the table's own rules refuse, no damage of this kind can be.
                        try? connection.execute(
                            sql: "UPDATE OR IGNORE \(table) SET \(column) = ?",
                            arguments: [value]
                        )
                    }
                }
            }
            try Self.tryCommands(path, &random, what)
        }
    }

    @Test(arguments: 0..<4)
    func bytesThatChangedOnADiskDoNotEndAnyCommandInACrash(_ part: Int) throws {
        let folder = try TestFolder()
        let base = try Self.base(folder)
        for seed in Self.seeds(part) {
            var random = SplitMix64(seed: 1_000_000 + seed)
            var bytes = base
            var what = "seed \(seed)"
            for _ in 0..<(1 + random.next() % 8) {
                // The header's first hundred bytes are spared most times: most damage there is no database at all.
                let first = random.next() % 10 == 0 ? 0 : 100
                let place = first + Int(random.next() % UInt64(bytes.count - first - 64))
                let count = [1, 1, 2, 8, 64].randomElement(using: &random) ?? 1
                for index in 0..<count { bytes[place + index] = UInt8(truncatingIfNeeded: random.next()) }
                what += " \(place)+\(count)"
            }
            try Self.tryCommands(try folder.write(bytes, to: "x-\(seed).db"), &random, what)
        }
    }
}
