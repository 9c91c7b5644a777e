import EventStore
import TestSupport
import Testing

@testable import Findings

/// What an incident's id rests on: whom it struck first, whether or not they came through since.
@Suite struct IncidentNamesTests {
    private static let hour = 3600

    /// Devices of a batch that fail in turn among others that are well, and what comes later.
    private static func incidents(_ later: [String], struck: Range<Int> = 1..<13) async throws -> [Incident] {
        let folder = try TestFolder()
        var lines: [String] = []
        for number in 1..<100 {
            let id = "press-\(1000 + number)"
            if struck.contains(number) {
                for attempt in 0..<4 {
                    lines.append(
                        LogLines.registration(
                            number * 60 + attempt * 1800,
                            id,
                            hub: nil,
                            status: "failed",
                            code: 401_002,
                            group: "line-7"
                        )
                    )
                }
            } else {
                lines.append(LogLines.registration(number * 60, id, group: "line-7"))
                lines.append(LogLines.connect(number * 60 + 5, id))
            }
        }
        let path = try folder.write((lines + later).joined(separator: "\n") + "\n", to: "a.json")
        let database = try LogDatabase.inMemory()
        _ = try await Importer.run([path], into: database)
        return try Analysis.refresh(database, rules: RuleSet.builtIn()).incidents.filter { $0.family == "keys" }
    }

    private static func comesThrough(_ number: Int, at second: Int) -> [String] {
        let id = "press-\(1000 + number)"
        return [LogLines.registration(second, id, group: "line-7"), LogLines.connect(second + 5, id)]
    }

    private static func fails(_ number: Int, from second: Int) -> [String] {
        (0..<3).map {
            LogLines.registration(
                second + $0 * 600,
                "press-\(1000 + number)",
                hub: nil,
                status: "failed",
                code: 401_002,
                group: "line-7"
            )
        }
    }

    @Test func anIncidentGoesOnWhenThoseWhoWereStruckFirstComeThrough() async throws {
        let before = try #require(try await Self.incidents([]).first)
        for gone in 1...4 {
            let through = (1...gone).flatMap { Self.comesThrough($0, at: (2 + $0) * Self.hour) }
            let after = try await Self.incidents(through)
            #expect(after.map(\.id) == [before.id], "\(gone) came through")
            #expect(after.first?.onset == before.onset)
        }
    }

    @Test func itGoesOnWhenItGrows() async throws {
        let before = try #require(try await Self.incidents([]).first)
        let after = try await Self.incidents((13..<30).flatMap { Self.fails($0, from: 3 * Self.hour + $0 * 60) })
        #expect(after.first?.id == before.id)
        #expect(after.first?.struck ?? 0 > before.struck)
    }

    @Test func whoStrikesAgainAfterQuietDaysIsAnotherIncident() async throws {
        let before = try #require(try await Self.incidents([]).first)
        let through = (1..<13).flatMap { Self.comesThrough($0, at: 5 * Self.hour + $0) }
        let none = try await Self.incidents(through)
        #expect(none.isEmpty)
        let later = (1..<13).flatMap { Self.fails($0, from: 80 * Self.hour + $0 * 60) }
        let again = try await Self.incidents(through + later)
        #expect(again.count == 1)
        #expect(again.first?.id != before.id)
        #expect(again.first?.onset ?? 0 > before.end ?? .max)
    }

    /// The finding about all of them keeps its id as the incident does.
    @Test func theFindingAboutTheBatchGoesOnAndCountsThoseThatFailNow() async throws {
        func batch(_ later: [String]) async throws -> (id: String, count: Int)? {
            let incidents = try await Self.incidents(later, struck: 1..<15)
            return incidents.first.map { ($0.id, $0.counts["group-key-failure"] ?? 0) }
        }
        let before = try #require(try await batch([]))
        let after = try #require(try await batch(Self.comesThrough(1, at: 4 * Self.hour)))
        #expect(before == after)
        #expect(before.count == 1)
        let few = try await batch((1..<6).flatMap { Self.comesThrough($0, at: 4 * Self.hour + $0) })
        #expect(few?.count == 0)
    }
}
