import EventStore
import FleetSimulator
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

    /// Rules whose findings rest on something that was not seen.
    private static let aboutAbsence: Set<String> = [
        "assigned-never-connected", "assigned-then-refused", "connects-to-old-hub",
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
                result.findings.map { "\($0.rule) \($0.subject)" }
            ),
            journeys: Dictionary(
                journeys.map { (String(($0[0] as String).dropFirst(folder.path.count)), $0[1] as String) }
            ) { first, _ in first },
            rejected: report.rejected
        )
    }

    private static func bytes(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.joined(separator: [0x0A])) + [0x0A] }

    @Test(arguments: 0..<8) func noLineThatIsLostMakesAFinding(_ block: Int) async throws {
        let rules = try RuleSet(BuiltInRules.sources.filter { Self.aboutAbsence.contains(String($0.file.dropLast(4))) })
        var damaged = 0
        for number in 0..<10 {
            let seed = UInt64(block * 1000 + number)
            let fleet = SmallFleet(seed: seed)
            let whole = fleet.files.map { ($0.name, $0.lines.map { Array($0.utf8) }) }
            let before = try await Self.say(whole.map { ($0.0, Self.bytes($0.1)) }, rules)
            var random = SplitMix64(seed: seed ^ 0xD0_0B7)
            func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % max(1, bound) }
            for _ in 0..<7 {
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
                let after = try await Self.say(files.map { ($0.0, Self.bytes($0.1)) }, rules)
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
        }
        #expect(damaged > 40)
    }
}
