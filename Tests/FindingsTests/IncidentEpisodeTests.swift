import EventStore
import TestSupport
import Testing

@testable import Findings

/// What belongs to one time.
@Suite struct IncidentEpisodeTests {
    /// A file that is cut off has no time, the hub without logs has one; both are of the family `logs`.
    @Test func aFindingWithoutATimeBeforeOneWithATimeIsNoReasonToStop() async throws {
        let folder = try TestFolder()
        let lines = (0..<12).map { LogLines.registration($0 * 60, "dev-\($0)", hub: "hub-dark") }
        let whole = try folder.write(lines.joined(separator: "\n") + "\n", to: "dps.json")
        let packed = try gzip(Array(String(repeating: LogLines.attestation(0, "dev-1") + "\n", count: 50).utf8))
        let broken = try folder.write(packed[..<(packed.count / 2)], to: "cut.json.gz")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([whole, broken], into: database)
        let result = try Analysis.refresh(database, rules: RuleSet.builtIn())
        #expect(Set(result.findings.map(\.rule)).isSuperset(of: ["coverage-gap", "reject-rate"]))
        let told = result.findings.filter { $0.severity > .informational }.map(\.id)
        #expect(result.incidents.flatMap(\.findings).sorted() == told.sorted())
    }
}
