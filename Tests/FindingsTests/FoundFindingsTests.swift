import EventStore
import FleetSimulator
import Testing

@testable import Findings

/// What rules found comes back whole and in the order of outputs, however many threads added it.
@Suite struct FoundFindingsTests {
    /// Letters that Unicode and bytes order differently, and that may be written in two ways.
    private static let subjects = [
        "a", "B", "a\u{301}", "\u{E1}", "z", "\u{10000}", "\u{FF5E}", "", "a;b", "press-10", "press-9",
    ]

    private static func drawn(_ random: inout SplitMix64, _ number: Int) -> Finding {
        func one<Element>(_ list: [Element]) -> Element { list[Int(random.next() % UInt64(list.count))] }
        return Finding(
            id: FindingID.make(rule: "r", kind: "device", subject: String(number), episode: ""),
            rule: one(["registration-loop", "split-brain", "coverage-gap"]),
            severity: one(Severity.allCases),
            confidence: "certain",
            subjectKind: one(["device", "hub"]),
            subject: one(subjects),
            registrationId: one([nil, "press-1"]),
            deviceId: one([nil, "Press-1"]),
            enrollmentGroup: one([nil, "line-7"]),
            dps: one([nil, "dps-1"]),
            hub: one([nil, "hub-1"]),
            firstSeen: one([nil, 0, 1_772_445_600_000_000]),
            lastSeen: one([nil, 1_772_445_600_000_001]),
            occurrences: Int(random.next() % 1000),
            reason: one(["", "batch"]),
            summary: "It's \"so\"\n\(number)",
            fix: one(["Do this.", "Do that."]),
            evidence: one([[], ["a.json:1"], ["a.json:1", "b.json:2"]])
        )
    }

    @Test(arguments: [0, 1, 499, 500, 501, 2003])
    func theyComeBackInOrder(_ count: Int) async throws {
        var random = SplitMix64(seed: UInt64(count))
        let all = (0..<count).map { Self.drawn(&random, $0) }
        let found = try FoundFindings(stop: StopSign())
        await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: count, by: 100) {
                group.addTask { try found.add(Array(all[start..<min(count, start + 100)])) }
            }
        }
        let ordered = all.sorted(by: Finding.precedes)
        #expect(try found.all() == ordered)
        let (brief, rows) = try found.inOrder()
        #expect(rows.count == count)
        #expect(brief.items.indices.map(brief.id) == ordered.map(\.id))
        for (place, finding) in ordered.enumerated() {
            let item = brief.items[place]
            #expect(brief.rule(place) == finding.rule && item.severity == finding.severity)
            #expect(brief.text(item.subject) == finding.subject && item.occurrences == finding.occurrences)
            #expect(brief.text(item.registrationId) == finding.registrationId)
            #expect(brief.text(item.deviceId) == finding.deviceId && brief.text(item.dps) == finding.dps)
            #expect(brief.text(item.enrollmentGroup) == finding.enrollmentGroup)
            #expect(item.firstSeen == finding.firstSeen && item.lastSeen == finding.lastSeen)
            #expect(brief.text(item.reason) == finding.reason && brief.text(item.fix) == finding.fix)
            #expect(brief.isAboutDevice(place) == (finding.subjectKind == "device"))
            let names = [finding.registrationId, finding.deviceId, finding.subject].compactMap { $0?.lowercased() }
            #expect(brief.names(place) == Set(names))
        }
        #expect(rows.count < 2 || Set(rows).count == count)
    }

    @Test func aTextIsKeptOnce() {
        var pool = NamePool()
        let numbers = (0..<2000).map { pool.number("name-\($0 % 700)") }
        #expect(pool.count == 700)
        #expect(numbers.indices.allSatisfy { pool[numbers[$0]] == "name-\($0 % 700)" })
        #expect(pool.find("name-699").map { pool[Int32($0)] } == "name-699")
        #expect(pool.find("name-700") == nil && pool.find("") == nil)
    }

    @Test(arguments: 0..<50)
    func eachDeviceHasItsFindingsInTheirOrder(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let owners = (0..<40).map { _ in Int32(random.next() % 8) - 1 }
        let places = owners.indices.filter { _ in random.next() % 3 > 0 }.map { Int32($0) }.reversed() + []
        let byDevice = PlacesByDevice(places, owners)
        #expect(byDevice.devices == Set(places.map { owners[Int($0)] }.filter { $0 >= 0 }).sorted())
        for device in -1..<9 {
            let own = device < 0 ? [] : places.filter { Int(owners[Int($0)]) == device }
            #expect(Array(byDevice[device]) == own)
        }
    }
}
