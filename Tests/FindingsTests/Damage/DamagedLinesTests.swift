import EventStore
import FleetSimulator
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Findings

/// Records that cannot be read make what is known less, and never anything else.
@Suite struct DamagedLinesTests {
    /// What is said of a fleet.
    private struct Said {
        /// `rule subject`.
        var findings: Set<String>
        /// The journey by the place of the record that decides its attempt.
        var journeys: [String: String]
        var rejected: Int
    }

    /// Rules that speak of the logs themselves.
    private static let aboutLogs: Set<String> = ["reject-rate", "coverage-gap", "category-missing"]
    /// What a hub says of a device that it refuses goes by one of these names; which one depends on the journey.
    static let refusals: Set<String> = [
        "assigned-then-refused", "hub-refused", "hub-identity-unusable", "hub-credential-rejected",
    ]

    private static func say(_ files: [(name: String, bytes: [UInt8])], _ rules: RuleSet) async throws -> Said {
        let folder = try TestFolder()
        let paths = try files.map { try folder.write($0.bytes, to: $0.name) }
        let database = try LogDatabase.inMemory()
        let report = try await Importer.run(paths, into: database)
        let result = try Analysis.refresh(database, rules: rules)
        let journeys = try database.access.read {
            try Row.fetchAll($0, sql: "SELECT evidence, journey FROM journeys")
        }
        return Said(
            findings: Set(
                result.findings.filter { !aboutLogs.contains($0.rule) }.map {
                    "\(refusals.contains($0.rule) ? "refused" : $0.rule) \($0.subject)"
                }
            ),
            journeys: Dictionary(
                journeys.map { (String(($0[0] as String).dropFirst(folder.path.count)), $0[1] as String) }
            ) { first, _ in first },
            rejected: report.rejected
        )
    }

    private static func bytes(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.joined(separator: [0x0A])) + [0x0A] }

    private static let journeyRules: Set<String> = [
        "assigned-never-connected", "assigned-then-refused", "connects-to-old-hub",
    ]

    /// Rules of which something not seen is a part.
    private static func rules(_ isWanted: (RuleCard) -> Bool) throws -> RuleSet {
        let wanted = try Set(RuleSet.builtIn().entries.map(\.card).filter(isWanted).map { $0.name + ".sql" })
        return try RuleSet(BuiltInRules.sources.filter { wanted.contains($0.file) })
    }

    /// Many fleets, and the rules that speak of journeys alone.
    @Test(arguments: 0..<8) func noLineThatIsLostMakesAJourney(_ block: Int) async throws {
        let rules = try Self.rules { Self.journeyRules.contains($0.name) }
        let damaged = try await Self.damage(seeds: block * 1000..<block * 1000 + 5, times: 5, rules)
        #expect(damaged > 10)
    }

    /// Fewer, and every rule that says that something did not happen.
    @Test(arguments: 0..<4) func noLineThatIsLostMakesAFinding(_ block: Int) async throws {
        let rules = try Self.rules { !$0.absence.isEmpty || Self.journeyRules.contains($0.name) }
        let seed = 50_000 + block * 1000
        let damaged = try await Self.damage(seeds: seed..<seed + rounds, times: 5, rules)
        #expect(damaged > 3)
    }

    /// The repository's samples, with so few of their devices that it takes seconds.
    @Test(arguments: Stories.all.map(\.name)) func noLineOfASampleThatIsLostMakesAFinding(_ name: String) async throws {
        let story = try #require(Stories.all.first { $0.name == name })
        let rules = try Self.rules { !$0.absence.isEmpty || Self.journeyRules.contains($0.name) }
        let seed = 90_000 + name.utf8.reduce(0) { $0 + UInt64($1) }
        let fleet = SmallFleet(story, devices: 12)
        #expect(fleet.files.reduce(0) { $0 + $1.lines.count } > 20)
        let damaged = try await Self.damage(fleet, seed: seed, times: rounds * 2, rules)
        #expect(damaged > 0)
    }

    /// `DPSLENS_ROUNDS` makes more of them, for a night.
    private var rounds: Int { ProcessInfo.processInfo.environment["DPSLENS_ROUNDS"].flatMap(Int.init) ?? 2 }

    /// Breaks lines of fleets, and expects that nothing is said that was not said before.
    ///
    /// - Returns: how many damaged fleets were compared.
    private static func damage(seeds: Range<Int>, times: Int, _ rules: RuleSet) async throws -> Int {
        var damaged = 0
        for seed in seeds.map(UInt64.init) {
            damaged += try await damage(SmallFleet(seed: seed), seed: seed, times: times, rules)
        }
        return damaged
    }

    private static func damage(_ fleet: SmallFleet, seed: UInt64, times: Int, _ rules: RuleSet) async throws -> Int {
        var damaged = 0
        let whole = fleet.files.map { ($0.name, $0.lines.map { Array($0.utf8) }) }
        let before = try await say(whole.map { ($0.0, bytes($0.1)) }, rules)
        var random = SplitMix64(seed: seed ^ 0xD0_0B7)
        func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % max(1, bound) }
        for _ in 0..<times {
            var files = whole
            var broken = Set<[Int]>()
            let way = LineDamage.allCases[draw(LineDamage.allCases.count)]
            for _ in 0..<(1 + draw(3)) {
                let file = draw(files.count)
                let line = draw(files[file].1.count)
                let text = fleet.files[file].lines[line]
                guard let bytes = way.apply(to: text, &random), !bytes.contains(0x0A) else { continue }
                files[file].1[line] = bytes
                broken.insert([file, line])
            }
            let after = try await say(files.map { ($0.0, bytes($0.1)) }, rules)
            // Garbage may leave a record that can be read and says something else: that is no reject.
            if after.rejected != broken.count { continue }
            damaged += 1
            let places = broken.map { "\(fleet.files[$0[0]].name):\($0[1] + 1)" }.sorted()
            let new = after.findings.subtracting(before.findings)
            #expect(new.isEmpty, "seed \(seed), \(way) at \(places)")
            for (place, journey) in after.journeys where journey != "undetermined" {
                let known = before.journeys[place]
                #expect(known == journey, "seed \(seed), \(way) at \(places): \(place)")
            }
        }
        return damaged
    }
}
