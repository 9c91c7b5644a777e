import Basics
import EventStore
import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import Correlation

@Suite struct CheckpointTests {
    /// Everything that is derived and does not depend on how the sweep was cut.
    private static let contents = [
        """
        SELECT registration_id, spelling, time, ended, outcome, code, dps, enrollment_group, attestation, network,
            duration_ms, records, benign, hub, basis, device_id, journey, evidence
        FROM attempts ORDER BY registration_key, time, ended, evidence
        """,
        """
        SELECT registration_id, assigned, hub, journey, reason, covered, contact_time, contact_hub, contact_code, evidence,
            contact_evidence
        FROM journeys ORDER BY registration_key, time, assigned, evidence
        """,
        "SELECT time, hash, noted FROM watched ORDER BY time, hash",
        """
        SELECT time, device_id, hub, outcome, code, network, sdk, explained, copies, evidence
        FROM watched_contacts ORDER BY time, device_id, hub, outcome, evidence
        """,
        """
        SELECT time, role, device_id, hub, operation, code, result_description, network, sdk, copies, evidence
        FROM unexplained_errors ORDER BY time, device_id, hub, operation, evidence
        """,
        "SELECT * FROM explained_errors ORDER BY pattern, device_id, instance",
        "SELECT * FROM coverage ORDER BY service, instance, category, hour",
        "SELECT * FROM hub_minutes ORDER BY hub, minute", "SELECT * FROM service_operations ORDER BY time, evidence",
        """
        SELECT device_id, registration_id, enrollment_group, hub, records, contacts, connected, refused, first_time,
            last_time, first_connected, last_connected, first_refused, last_refused, longest_gap, sdk, network, protocol,
            is_open
        FROM device_totals ORDER BY device_id
        """,
        "SELECT device_id, module, hub, refusals, first_time, last_time FROM refusal_runs ORDER BY device_id, module",
        """
        SELECT registration_key, device_id, enrollment_group, dps, attempts, answered, unauthorized, last_answered,
            last_assigned, assigned_hub, hub_moves, closest, failures, failing_since, last_failed
        FROM registration_totals ORDER BY registration_key
        """,
        "SELECT hour FROM hour_mark ORDER BY hour",
    ]

    private static func dump(_ database: LogDatabase) async throws -> [String] {
        try await database.access.read { connection in
            try contents.map { sql in
                try Row.fetchAll(connection, sql: sql).map { row in
                    row.databaseValues.map(\.description).joined(separator: "|")
                }
                .joined(separator: "\n")
            }
        }
    }

    /// Sixty hours of a small fleet in which devices meet often, as one file an hour.
    private static func hours(_ folder: TestFolder, seed: UInt64) throws -> [String] {
        var files: [String] = []
        try LoadGenerator(events: 9000, devices: 90, seed: seed, perHour: 150).run { number, text in
            files.append(try folder.write(ModuleLines.spread(text), to: "hour-\(100 + number)"))
        }
        return files
    }

    /// What the sweep says again of an attempt that was over long before it went on is held against the coverage, too.
    @Test func aRegistrationThatComesBackAfterDaysLeavesItsOldAttemptAsItWas() async throws {
        let folder = try TestFolder()
        func lines(_ hours: Range<Int>) -> [String] {
            hours.flatMap { hour in
                [
                    LogLines.registration(hour * 3600 + 60, "well-\(hour)"),
                    LogLines.connect(hour * 3600 + 70, "well-\(hour)"),
                ]
            }
        }
        let dark = LogLines.registration(100, "dark-1", hub: "hub-dark")
        let again = LogLines.registration(50 * 3600, "dark-1", hub: "hub-dark")
        let files = [
            try folder.write((lines(0..<48) + [dark]).joined(separator: "\n") + "\n", to: "before.json"),
            try folder.write((lines(48..<60) + [again]).joined(separator: "\n") + "\n", to: "behind.json"),
        ]
        let (whole, grown) = (try LogDatabase.inMemory(), try LogDatabase.inMemory())
        _ = try await Importer.run(files, into: whole)
        _ = try Correlator.rebuild(whole)
        for file in files {
            _ = try await Importer.run([file], into: grown)
            let summary = try Correlator.rebuild(grown)
            #expect((summary.resumedFrom != nil) == (file == files.last))
        }
        #expect(try await Self.dump(whole) == Self.dump(grown))
        let silent = try await grown.access.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM journeys WHERE device_id = 'dark-1' AND journey = 'silent'")
        }
        #expect(silent == 0)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func goingOnFromACheckpointGivesWhatOneSweepGives(seed: UInt64) async throws {
        let folder = try TestFolder()
        var random = SplitMix64(seed: seed)
        var files = try Self.hours(folder, seed: seed)
        let whole = try LogDatabase.inMemory()
        _ = try await Importer.run(files, into: whole)
        _ = try Correlator.rebuild(whole)
        // Some files come late: by hours, and by more than any checkpoint is old.
        for _ in 0..<Int(seed % 4) {
            let late = files.remove(at: Int(random.next() % UInt64(files.count)))
            files.insert(late, at: min(files.count, Int(random.next() % UInt64(files.count)) + 1))
        }
        let parts = try LogDatabase.inMemory()
        var resumed = 0
        while !files.isEmpty {
            let next = Array(files.prefix(1 + Int(random.next() % 14)))
            files.removeFirst(next.count)
            _ = try await Importer.run(next, into: parts)
            if try Correlator.rebuild(parts).resumedFrom != nil { resumed += 1 }
        }
        #expect(resumed > 1)
        let (a, b) = (try await Self.dump(whole), try await Self.dump(parts))
        for (index, sql) in Self.contents.enumerated() { #expect(a[index] == b[index], "\(sql)") }
        #expect(try FleetSummary.load(whole) == FleetSummary.load(parts))
        for database in [whole, parts] {
            try Self.expectCountsAreThoseOfTheRows(database)
            let broken = try database.access.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check") }
            #expect(broken.isEmpty)
        }
    }

    /// What a report counts is what the rows say, though it does not count them all anew.
    private static func expectCountsAreThoseOfTheRows(_ database: LogDatabase) throws {
        let summary = try FleetSummary.load(database)
        let rows = try database.access.read { connection in
            try Row.fetchOne(
                connection,
                sql: """
                    SELECT (SELECT count(*) FROM attempt), (SELECT count(*) FROM attempt WHERE journey IS NOT NULL),
                        (SELECT count(*) FROM attempt WHERE outcome = 'failed'),
                        (SELECT coalesce(sum(copies), 0) FROM unexplained)
                    """
            ).map { row in (0..<4).map { row[$0] as Int } }
        }
        let counted = [
            summary.outcomes.reduce(0) { $0 + $1.count }, summary.journeys.reduce(0) { $0 + $1.count },
            summary.outcomes.first { $0.name == "failed" }?.count ?? 0, summary.unexplained,
        ]
        #expect(counted == rows)
    }

    @Test func aReportCountsWhatIsLeftAfterPruning() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 12)
        let database = try LogDatabase.inMemory()
        for part in [files[..<40], files[40..<52]] {
            _ = try await Importer.run(Array(part), into: database)
            _ = try Correlator.rebuild(database)
            try Self.expectCountsAreThoseOfTheRows(database)
        }
        let settled = try await database.access.read { try Int.fetchOne($0, sql: "SELECT attempts FROM counted") }
        #expect(settled ?? 0 > 0)
        let hour = try await database.access.read { try Int64.fetchOne($0, sql: "SELECT min(hour) FROM hour_mark") }
        let cutoff = try #require(hour) + 20 * Microseconds.hour
        let outcome = try await database.access.write {
            try Pruner.prune(before: cutoff, keeping: [], [DerivedPruning()], $0)
        }
        #expect(outcome.attempts > 0)
        try Self.expectCountsAreThoseOfTheRows(database)
        _ = try await Importer.run(Array(files[52...]), into: database)
        #expect(try Correlator.rebuild(database).resumedFrom != nil)
        try Self.expectCountsAreThoseOfTheRows(database)
    }

    @Test func oneCheckpointOfEachAgeIsKeptThroughManyNights() throws {
        // Nights that each leave a checkpoint three hours behind their end.
        var kept: [Int64] = []
        let hour = Microseconds.hour
        for night in 1...60 {
            let now = Int64(night) * 24 * hour
            kept = Checkpoints.kept([now - 3 * hour] + kept, at: now).sorted(by: >)
            #expect(kept.first == now - 3 * hour && kept.count <= 2 * Checkpoints.ages.count)
            guard night > 20 else { continue }
            // However late a record comes, the run that takes it goes back no further than a few times as far.
            for late in [1, 5, 24, 48, 72, 120, 168] as [Int64] {
                let from = kept.first { $0 <= now - late * hour }
                let isNear = from.map { now - $0 <= (3 * late + 48) * hour } ?? false
                #expect(isNear, "\(late) hours late in night \(night)")
            }
        }
    }

    @Test func anythingThatMayChangeWhatWasBeforeBeginsAtTheFirstEvent() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 9)
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run(Array(files.prefix(40)), into: database)
        #expect(try Correlator.rebuild(database).resumedFrom == nil)
        _ = try await Importer.run(Array(files[40..<44]), into: database)
        #expect(try Correlator.rebuild(database).resumedFrom != nil)
        // A hub that no log named before; an export; another configuration; a spelling that comes before a known one.
        let lines = [
            LogLines.connect(40 * 3600, "unit-100001", hub: "HUB-NEW"),
            #"{"registrationId":"unit-100002","status":"assigned","assignedHub":"hub-0.azure-devices.net"}"#,
            LogLines.registration(41 * 3600, "UNIT-100003", hub: "hub-0"),
        ]
        for (number, line) in lines.enumerated() {
            _ = try await Importer.run([try folder.write(line, to: "more-\(number)")], into: database)
            #expect(try Correlator.rebuild(database).resumedFrom == nil, "\(line)")
        }
        var configuration = CorrelationConfiguration()
        configuration.connectWindow += 1
        let summary = try Correlator.rebuild(database, configuration: configuration)
        #expect(summary.resumedFrom == nil && !summary.isCurrent)
    }

    @Test func aDamagedCheckpointIsNotTakenUp() async throws {
        let folder = try TestFolder()
        let files = try Self.hours(folder, seed: 4)
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run(Array(files.prefix(40)), into: database)
        _ = try Correlator.rebuild(database)
        try await database.access.write { connection in
            var random = SplitMix64(seed: 77)
            for row in try Row.fetchAll(connection, sql: "SELECT id, state FROM checkpoint_part") {
                let state: [UInt8] = try row.withUnsafeData(atIndex: 1) { $0.map { Array($0) } ?? [] }
                let cut = Array(state.prefix(Int(random.next() % UInt64(state.count))))
                let store = try PreparedStatement(connection, "UPDATE checkpoint_part SET state = ? WHERE id = ?")
                store.bind(1, blob: cut)
                store.bind(2, row[0] as Int64)
                try store.run()
            }
        }
        _ = try await Importer.run(Array(files[40...]), into: database)
        #expect(try Correlator.rebuild(database).resumedFrom == nil)
    }
}
