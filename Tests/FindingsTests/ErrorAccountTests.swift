import Correlation
import EventStore
import FleetSimulator
import TestSupport
import Testing

@testable import Findings

/// What became of errors, in the whole and in parts of the time.
@Suite struct ErrorAccountTests {
    /// The parts of the time have, together, the errors of the whole, each with the same state.
    @Test(arguments: [
        "derived-keys-wrong-batch", "assigned-then-refused", "rollout-429-backoff", "healthy-with-renewals",
    ])
    func theAccountsOfPartsAddUpToThatOfTheWhole(_ name: String) async throws {
        let story = try #require(Stories.all.first { $0.name == name })
        let folder = try TestFolder()
        let paths = try Stories.log(of: story).files().map { try folder.write(Array($0.text.utf8), to: $0.path) }
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run(paths, into: database)
        let rules = try RuleSet.builtIn()
        let findings = try Analysis.refresh(database, rules: rules).findings
        let whole = try ErrorAccount.load(findings, rules, database)
        let first = Int64(Stories.start) * 1_000_000
        // Three hours each, the last without an end.
        let starts = (0..<6).map { first + $0 * 10_800_000_000 }
        var sum = ErrorAccount()
        for (index, start) in starts.enumerated() {
            let span = start..<(index + 1 < starts.count ? starts[index + 1] : .max)
            let fleet = try FleetSummary.load(database, in: span)
            let part = try ErrorAccount.load(findings, rules, database, of: fleet)
            sum.explained += part.explained
            sum.named += part.named
            sum.transient += part.transient
            sum.few += part.few
        }
        #expect(whole.total > 0)
        #expect(sum == whole)
    }
}
