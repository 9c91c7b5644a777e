import EventStore
import FleetSimulator
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Findings

/// Where more devices are known than a record without a name can be held against: nothing that rests on absence is
/// certain beside what could not be read.
///
/// The check knows when each lost record was written and by whom, which the program has to conclude.
@Suite struct CertaintyTests {
    private struct Lost: CustomStringConvertible {
        var time: Int64
        var service: String
        var description: String { "\(service) \(time)" }
    }

    private static func analyse(_ files: [(name: String, lines: [String])], _ rules: RuleSet) async throws -> [Finding]
    {
        let folder = try TestFolder()
        let paths = try files.map { try folder.write($0.lines.joined(separator: "\n") + "\n", to: $0.name) }
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run(paths, into: database)
        return try Analysis.refresh(database, rules: rules).findings
    }

    /// Whether a lost record lies where a rule says that nothing was.
    ///
    /// What is counted (`between`, `count`, `devices`) can stand a few lost records, and is not for here.
    private static func contradicts(_ lost: Lost, _ finding: Finding, _ claim: AbsenceClaim) -> Bool {
        guard lost.service == claim.service, let first = finding.firstSeen, let last = finding.lastSeen else {
            return false
        }
        switch claim.kind {
        case .ever: return true
        case .after: return lost.time > last
        case .within: return first <= lost.time && lost.time <= last
        case .near: return first - 3_600_000_000 <= lost.time && lost.time <= last + 7_200_000_000
        case .between, .count, .devices: return false
        }
    }

    /// The rule and the subject; of what a hub says when it refuses, which rule tells it depends on the journey.
    private static func name(_ finding: Finding) -> String {
        let isRefusal = DamagedLinesTests.refusals.contains(finding.rule)
        return "\(isRefusal ? "refused" : finding.rule) \(finding.subject)"
    }

    private static func microseconds(_ line: String) -> Int64? {
        let mark = #""time":""#
        guard let found = line.range(of: mark) else { return nil }
        let text = String(line[found.upperBound...].prefix { $0 != "\"" })
        return (try? Date(text, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970 * 1_000_000) }
    }

    @Test(arguments: 0..<3) func nothingIsCertainBesideALostRecordWithoutAName(_ block: Int) async throws {
        let rules = try RuleSet.builtIn()
        let cards = Dictionary(uniqueKeysWithValues: rules.entries.map { ($0.card.name, $0.card) })
        var held = 0
        for round in 0..<2 {
            let seed = UInt64(7000 + block * 10 + round)
            let fleet = SmallFleet(seed: seed, devices: 150)
            let before = try await Self.analyse(fleet.files, rules)
            let known = Set(before.map(Self.name))
            var random = SplitMix64(seed: seed ^ 0xCE27)
            func draw(_ bound: Int) -> Int { Int(truncatingIfNeeded: random.next() >> 33) % max(1, bound) }
            for _ in 0..<3 {
                var files = fleet.files
                var lost: [Lost] = []
                for _ in 0..<(1 + draw(4)) {
                    let file = draw(files.count)
                    let line = draw(files[file].lines.count)
                    let text = fleet.files[file].lines[line]
                    guard files[file].lines[line] == text, let time = Self.microseconds(text) else { continue }
                    let service = text.contains("PROVISIONINGSERVICES") ? "dps" : "hub"
                    // With its time and place, or with nothing that can be read; never with a name.
                    let end = text.range(of: #","properties""#)?.lowerBound ?? text.startIndex
                    files[file].lines[line] =
                        draw(2) == 0 ? String(text[..<end]) : "{" + String(repeating: "#", count: 60)
                    lost.append(Lost(time: time, service: service))
                }
                let after = try await Self.analyse(files, rules)
                for finding in after where finding.confidence == "certain" {
                    guard let card = cards[finding.rule], !card.absence.isEmpty else { continue }
                    let name = Self.name(finding)
                    // Without its registration the same refusals are told by the rule of all others.
                    let other = "no-fallback-to-dps \(finding.subject)"
                    let isTold = DamagedLinesTests.refusals.contains(finding.rule) && known.contains(other)
                    #expect(isTold || known.contains(name), "seed \(seed): \(name) beside \(lost)")
                    for claim in card.absence {
                        let against = lost.filter { Self.contradicts($0, finding, claim) }
                        #expect(against.isEmpty, "seed \(seed): \(name) is certain beside \(against)")
                    }
                    held += 1
                }
            }
        }
        #expect(held > 0)
    }
}
