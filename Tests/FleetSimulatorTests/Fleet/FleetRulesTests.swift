import EventStore
import Findings
import GRDB
import TestSupport
import Testing

@testable import FleetSimulator

/// Every rule at once on 20,000 devices: nothing is missed and nothing is made up.
@Suite struct FleetRulesTests {
    @Test func everyRuleFindsWhatIsPlantedInTwentyThousandDevicesAndNothingElse() async throws {
        let fleet = Fleet.troubled(devices: 20_000, seed: 7)
        let folder = try TestFolder()
        let paths = try FleetRun.write(fleet.book, to: folder, "logs")
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let report = try await Importer.run(paths, into: database)
        #expect(report.isBalanced)
        let rules = try RuleSet.builtIn()
        let findings = try Analysis.refresh(database, rules: rules).findings
        let check = FleetCheck(findings, fleet.truths)
        let names = rules.entries.map(\.card.name)
        print(check.table("\(fleet.plan.devices.count) devices, everything planted, clean logs", rules: names))
        #expect(check.wrong == [])
        #expect(check.missed == [])
        #expect(Set(check.planted.map(\.rule)) == Set(names))
        #expect(Scenarios.all.map(\.rule) == names.sorted())
    }

    @Test(arguments: [2, 5] as [UInt64])
    func onDamagedLogsNothingIsMadeUpAndEveryMissIsOfALostRecord(_ seed: UInt64) async throws {
        let fleet = Fleet.troubled(devices: 20_000, seed: 7)
        let damaged = try DamagedLogs(fleet.book, seed: seed)
        let folder = try TestFolder()
        let paths = try damaged.files.map { try folder.write($0.bytes, to: "logs/" + $0.path) }
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let report = try await Importer.run(paths, into: database)
        #expect(report.isBalanced)
        // Every record of which a copy can be read is one event, whatever shapes its copies have.
        let lost = damaged.lost
        let stored = try await database.access.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
        #expect(stored == fleet.book.records.count - lost.count)
        let rules = try RuleSet.builtIn()
        let findings = try Analysis.refresh(database, rules: rules).findings
        let check = FleetCheck(findings, fleet.truths)
        for damage in damaged.counts.sorted(by: { $0.key < $1.key }) { print("  \(damage.key): \(damage.value)") }
        print("  of \(fleet.book.records.count) records \(lost.count) are lost; \(report.rejected) rejects")
        print(
            check.table(
                "\(fleet.plan.devices.count) devices, everything planted, damaged logs",
                rules: rules.entries.map(\.card.name)
            )
        )
        let explained = DamageCheck(fleet, damaged, lost)
        // Two hours' files are missing, and that is found; what else is found is true, or is not called certain and is
        // about a device of which a record was lost.
        let certain = Set(
            findings.filter { $0.confidence == "certain" }.map { Truth(rule: $0.rule, subject: $0.subject) }
        )
        let caused = ["dps-eu", "hub-us-1"].map { Truth(rule: "coverage-gap", subject: $0) }
        let wrong = check.wrong.filter {
            !explained.isPartOfABatch($0) && (certain.contains($0) || !explained.isOfALostRecord($0))
        }
        #expect(wrong == caused)
        // Of journeys that a record which cannot be read may have told of, nothing is said, and findings that it may
        // contradict are withheld; that no hub ever saw a device is not said where any hub's record is in doubt.
        let doubted = try await database.access.read {
            try Set(
                String.fetchAll($0, sql: "SELECT DISTINCT device_id FROM journeys WHERE reason = 'rejected-records'")
            )
        }
        let withheld = try await database.access.read {
            try Set(
                String.fetchAll(
                    $0,
                    sql: """
                        SELECT rule || ' of ' || subject FROM withheld
                        UNION
                        SELECT DISTINCT 'attested-never-connected of ' || j.registration_id
                        FROM journeys j
                        JOIN doubts d ON d.service IN ('hub', '') AND d.device_id IS NULL
                            AND d.begins <= j.assigned + 7200000000 AND d.ends >= j.assigned
                        WHERE j.reason = 'assignment-not-logged'
                        """
                )
            )
        }
        let unexplained = check.missed.filter {
            explained.reason($0) == nil && !doubted.contains($0.subject)
                && !withheld.contains("\($0.rule) of \($0.subject)")
        }
        for truth in check.missed {
            print("  missed: \(truth.rule) of \(truth.subject): \(explained.reason(truth) ?? "not explained")")
        }
        #expect(unexplained == [])
    }
}
