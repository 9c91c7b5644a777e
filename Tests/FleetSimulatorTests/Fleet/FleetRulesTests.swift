import EventStore
import Findings
import TestSupport
import Testing

@testable import FleetSimulator

/// Every rule at once on 20,000 devices: nothing is missed and nothing is made up.
@Suite struct FleetRulesTests {
    @Test func everyRuleFindsWhatIsPlantedInTwentyThousandDevicesAndNothingElse() async throws {
        let clock = ContinuousClock()
        var mark = clock.now
        func lap(_ what: String) {
            print("  \(what): \(clock.now - mark)")
            mark = clock.now
        }
        let fleet = Fleet.troubled(devices: 20_000, seed: 7)
        lap("made \(fleet.book.records.count) records")
        let folder = try TestFolder()
        let paths = try FleetRun.write(fleet.book, to: folder, "logs")
        lap("wrote \(paths.count) files")
        let database = try LogDatabase.open(folder.path + "/fleet.db")
        let report = try await Importer.run(paths, into: database)
        lap("ingested")
        #expect(report.isBalanced)
        let rules = try RuleSet.builtIn()
        let findings = try Analysis.refresh(database, rules: rules).findings
        lap("analysed")
        let check = FleetCheck(findings, fleet.truths)
        let names = rules.entries.map(\.card.name)
        print(check.table("\(fleet.plan.devices.count) devices, everything planted, clean logs", rules: names))
        #expect(check.wrong == [])
        #expect(check.missed == [])
        #expect(Set(check.planted.map(\.rule)) == Set(names))
        #expect(Scenarios.all.map(\.rule) == names.sorted())
    }
}
