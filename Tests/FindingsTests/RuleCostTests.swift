import Correlation
import EventStore
import FleetSimulator
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Findings

/// What rules cost, in steps of SQLite's virtual machine: the same on every machine, so that a rule that costs more than in
/// proportion to the fleet is seen before a large fleet meets it.
///
/// Ten fleets beside each other against one of them. Not what a step costs: sorts compare outside of the machine, and pages
/// that are not in the cache are read.
@Suite struct RuleCostTests {
    enum Fleet: CaseIterable {
        case healthy, sick, samples, troubled
    }

    /// The logs of a fleet as files.
    private static func files(_ fleet: Fleet, _ folder: TestFolder) throws -> [String] {
        var files: [String] = []
        switch fleet {
        case .healthy:
            try LoadGenerator(events: 4000, devices: 300, seed: 5, perHour: 500).run { hour, text in
                files.append(try folder.write(text, to: "healthy-\(10 + hour)"))
            }
        case .sick:
            try SickLoadGenerator(events: 6000, devices: 240, seed: 5, perHour: 500).run { hour, texts in
                for (name, text) in texts { files.append(try folder.write(text, to: "sick-\(10 + hour)-\(name)")) }
            }
        case .samples:
            let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            let samples = (root + ["samples"]).joined(separator: "/")
            files = try FileManager.default.subpathsOfDirectory(atPath: samples).sorted()
                .filter { $0.hasSuffix(".gz") }.map { samples + "/" + $0 }
        case .troubled:
            let fleet = FleetSimulator.Fleet.troubled(devices: 2000, seed: 7)
            try FleetFiles.write(fleet.book) { files.append(try folder.write($1, to: "troubled/" + $0)) }
        }
        return files
    }

    /// Puts nine more fleets beside the one of a database: every identity, instance and context with all that tells of them,
    /// under names of their own.
    private static func multiply(_ database: LogDatabase) async throws {
        try await database.access.write { connection in
            func highest(_ table: String) throws -> Int {
                try Int.fetchOne(connection, sql: "SELECT coalesce(max(id), 0) FROM \(table) WHERE id < 1 << 40") ?? 0
            }
            let parents = ["identity", "instance", "context"]
            var sizes: [String: Int] = [:]
            for table in parents + ["attempt"] { sizes[table] = try highest(table) }
            let names: Set<String> = ["name", "folded", "instance", "assigned_hub", "enrollment_group"]
            let tables =
                parents + [
                    "event", "attempt", "registration_total", "watched", "unexplained", "explained", "coverage_hour",
                    "device_total", "refusal_run", "failure_run", "hub_minute", "operation",
                ]
            for table in tables {
                try connection.execute(sql: "CREATE TEMP TABLE first_\(table) AS SELECT * FROM main.\(table)")
            }
            for fleet in 1..<10 {
                for table in tables {
                    let foreign = try Row.fetchAll(connection, sql: "PRAGMA foreign_key_list(\(table))")
                    var steps: [String: Int] = [:]
                    for key in foreign { steps[key["from"] as String] = sizes[key["table"] as String] }
                    if table == "explained" { steps["instance"] = sizes["instance"] }
                    if table == "registration_total" { steps["registration"] = sizes["identity"] }
                    if table == "device_total" { steps["device"] = sizes["identity"] }
                    let values = try connection.columns(in: table).map { column -> String in
                        let name = column.name
                        if let step = steps[name] { return "\(name) + \(fleet * step)" }
                        if name == "id", table == "attempt" {
                            let (ended, latest) = (sizes["attempt"] ?? 0, sizes["identity"] ?? 0)
                            return "CASE WHEN id < 1 << 40 THEN id + \(fleet * ended) ELSE id + \(fleet * latest) END"
                        }
                        if name == "id" { return "id + \(fleet * (sizes[table] ?? 0))" }
                        if name == "hash" { return "hash + \(fleet)" }
                        if names.contains(name), column.type == "TEXT" {
                            return "CASE WHEN \(name) <> '' THEN 'f\(fleet)' || \(name) ELSE \(name) END"
                        }
                        return name
                    }
                    try connection.execute(
                        sql:
                            "INSERT INTO main.\(table) SELECT \(values.joined(separator: ", ")) FROM temp.first_\(table)"
                    )
                }
            }
        }
    }

    /// The steps that each rule takes over a database, and how many rows all of them give.
    private static func steps(_ database: LogDatabase) throws -> (of: [String: Int], rows: Int, silent: [String]) {
        let connection = try ReadConnection(database.path)
        var steps: [String: Int] = [:]
        var (rows, silent) = (0, [String]())
        for card in try RuleSet.builtIn().entries.map(\.card) {
            let statement = try connection.prepare(card.sql)
            for (name, value) in try RuleRunner.values(card, [:]) { statement.bind(named: name, Int64(value)) }
            let before = rows
            while try statement.next() { rows += 1 }
            if rows == before { silent.append(card.name) }
            steps[card.name] = statement.virtualMachineSteps
        }
        return (steps, rows, silent.sorted())
    }

    @Test(arguments: Fleet.allCases)
    func tenTimesTheFleetCostsAtMostElevenTimes(_ fleet: Fleet) async throws {
        let folder = try TestFolder()
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let report = try await Importer.run(Self.files(fleet, folder), into: database)
        #expect(report.isBalanced)
        _ = try Correlator.rebuild(database)
        let one = try Self.steps(database)
        try await Self.multiply(database)
        let ten = try Self.steps(database)
        // Otherwise the fleets would not be beside each other, and the rules would have nothing to do.
        #expect(ten.rows >= one.rows * 3, "\(one.rows) rows, and \(ten.rows)")
        #expect(fleet == .healthy || one.rows >= 30, "\(one.rows) rows")
        // What a rule does with what it finds is seen only where it finds something. `unjoined-events` wants more devices than
        // this fleet has, and does the same where it is silent: it counts all of them.
        if fleet == .troubled { #expect(one.silent == ["unjoined-events"]) }
        for (rule, steps) in ten.of.sorted(by: { $0.key < $1.key }) {
            let before = try #require(one.of[rule])
            #expect(steps <= before * 11, "\(rule) takes \(before) steps, and \(steps) for ten fleets")
        }
    }
}
