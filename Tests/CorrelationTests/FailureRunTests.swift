import EventStore
import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import Correlation

/// Runs of failures as the sweep counts them against what the attempts and errors themselves come to.
@Suite struct FailureRunTests {
    private static func derived(seed: UInt64, _ folder: TestFolder) async throws -> LogDatabase {
        var files: [String] = []
        try SickLoadGenerator(events: 6000, devices: 300, seed: seed, perHour: 400).run { hour, texts in
            for (name, text) in texts { files.append(try folder.write(text, to: "\(9 + hour)-\(name)")) }
        }
        let database = try LogDatabase.inMemory()
        // In parts, so that later ones go on from a checkpoint.
        while !files.isEmpty {
            let next = Array(files.prefix(90))
            files.removeFirst(next.count)
            _ = try await Importer.run(next, into: database)
            _ = try Correlator.rebuild(database)
        }
        return database
    }

    private static func rows(_ sql: String, _ database: LogDatabase) async throws -> [String] {
        try await database.access.read { connection in
            try Row.fetchAll(connection, sql: sql).map { row in
                row.databaseValues.map(\.description).joined(separator: "|")
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func runsOfAttemptsAreThoseThatTheAttemptsMakeUp(seed: UInt64) async throws {
        let folder = try TestFolder()
        let database = try await Self.derived(seed: seed, folder)
        let counted = """
            WITH numbered AS (
                SELECT a.*, SUM(CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END) OVER (
                    PARTITION BY registration ORDER BY time, attempt ROWS UNBOUNDED PRECEDING
                ) AS run
                FROM attempts a
            )
            SELECT registration, run, KIND AS failure, COUNT(*), MIN(time), MAX(time), MIN(code), MAX(code),
                MIN(evidence), MAX(evidence)
            FROM numbered
            WHERE outcome IN ('failed', 'disabled', 'throttled')
            GROUP BY registration, run, KIND
            ORDER BY 1, 2, 3
            """
        let columns =
            "failures, first_time, last_time, least_code, greatest_code, evidence, evidence_2 FROM"
        let classes = try await Self.rows(counted.replacing("KIND", with: "failure"), database)
        #expect(classes.count > 20)
        #expect(
            try await Self.rows(
                "SELECT registration, run, failure, \(columns) failure_run_classes ORDER BY 1, 2, 3",
                database
            ) == classes
        )
        #expect(
            try await Self.rows("SELECT registration, run, 'any', \(columns) failure_runs ORDER BY 1, 2", database)
                == Self.rows(counted.replacing("KIND", with: "'any'"), database)
        )
        // Open is what nothing followed that let the device in.
        #expect(
            try await Self.rows("SELECT registration FROM failure_runs WHERE is_open = 1 ORDER BY 1", database)
                == Self.rows("SELECT registration FROM registration_totals WHERE failures > 0 ORDER BY 1", database)
        )
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func runsOfRefusalsAreThoseSinceTheLastSuccess(seed: UInt64) async throws {
        let folder = try TestFolder()
        let database = try await Self.derived(seed: seed, folder)
        let counted = """
            SELECT e.device, '', e.failure, SUM(e.copies), MIN(e.time), MAX(e.time), MIN(e.evidence), MAX(e.evidence)
            FROM unexplained_errors e
            JOIN device_totals d ON d.device = e.device
            WHERE e.is_refusal = 1 AND (d.last_connected IS NULL OR e.time > d.last_connected)
            GROUP BY e.device, e.failure
            ORDER BY 1, 3
            """
        let expected = try await Self.rows(counted, database)
        #expect(!expected.isEmpty)
        let sql = """
            SELECT device, module, failure, refusals, first_time, last_time, evidence, evidence_2
            FROM refusal_run_classes ORDER BY 1, 3
            """
        #expect(try await Self.rows(sql, database) == expected)
    }
}
