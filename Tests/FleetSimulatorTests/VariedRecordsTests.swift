import EventStore
import TestSupport
import Testing

@testable import FleetSimulator

/// Varied records say what the others say, in texts that do not repeat.
@Suite struct VariedRecordsTests {
    private static func text() -> String {
        var all = ""
        LoadGenerator(events: 600, devices: 100, seed: 5).run { all += $1 }
        return all
    }

    @Test func theSameEventsAreRead() async throws {
        let plain = Self.text()
        var variation = VariedRecords(seed: 3)
        let varied = variation.vary(plain)
        let folder = try TestFolder()
        var counts: [[String]] = []
        for (name, text) in [("plain", plain), ("varied", varied)] {
            let database = try LogDatabase.inMemory()
            let report = try await Importer.run([try folder.write(text, to: name)], into: database)
            #expect(report.isBalanced && report.rejected == 0 && report.lines == 600)
            let rows = try QueryRunner.run(
                """
                SELECT time, kind, outcome, identity, network, line, count(*) FROM events
                GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
                """,
                in: database
            ).rows
            counts.append(rows.map { $0.map(\.plain).joined(separator: " ") })
        }
        #expect(counts[0].count > 500 && counts[0] == counts[1])
    }

    @Test func hardlyTwoRecordsHaveTheSameKeysInOneOrder() throws {
        var variation = VariedRecords(seed: 3)
        let orders = variation.vary(Self.text()).split(separator: "\n").map { line in
            line.matches(of: /"([A-Za-z]+)\\?":/).map { String($0.1) }
        }
        #expect(Set(orders).count > 560)
        var again = VariedRecords(seed: 3)
        let (first, second) = (variation.vary("{\"a\":1,\"b\":\"\"}\n"), again.vary(Self.text()))
        #expect(["{\"a\":1,\"b\":\"\"}\n", "{\"b\":\"\",\"a\":1}\n"].contains(first))
        #expect(second.split(separator: "\n").count == 600)
    }
}
