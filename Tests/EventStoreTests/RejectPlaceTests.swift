import GRDB
import TestSupport
import Testing

@testable import EventStore

/// When and where rejected records may belong, as table `reject` has it.
@Suite struct RejectPlaceTests {
    private func rows(_ store: Store) throws -> [[Int64?]] {
        try store.database.access.read { connection in
            try Row.fetchAll(
                connection,
                sql: "SELECT time, previous_time, next_time FROM rejects ORDER BY line, offset"
            )
            .map { row in [row[0], row[1], row[2]] }
        }
    }

    private func times(_ store: Store) throws -> [Int64] {
        try store.database.access.read { try Int64.fetchAll($0, sql: "SELECT time FROM event ORDER BY time") }
    }

    @Test func aRejectHasItsOwnTimeOrThatOfItsNeighbours() async throws {
        let folder = try TestFolder()
        let lines = [
            "rubbish", LogLines.connect(1, "a"), "{", String(LogLines.connect(2, "b").dropLast(5)),
            LogLines.connect(3, "c"), "}",
        ]
        var store = try Store()
        try await store.ingest([folder.write(lines.joined(separator: "\n"), to: "x")])
        let times = try times(store)
        let own = times[0] + (times[1] - times[0]) / 2
        #expect(
            try rows(store) == [
                [nil, nil, times[0]], [nil, times[0], times[1]], [own, times[0], times[1]], [nil, times[1], nil],
            ]
        )
        #expect(
            try store.count("SELECT count(*) FROM rejects WHERE resource IS NOT NULL AND category = 'Connections'") == 1
        )
        #expect(try store.count("SELECT count(*) FROM file_resource WHERE service = 'hub'") == 1)
        #expect(try store.count("SELECT first_time FROM file") == Int(times[0]))
        #expect(store.report.isBalanced)
    }

    @Test func framedRejectsStandAmongTheRecordsAroundThem() async throws {
        let folder = try TestFolder()
        let text = "[\(LogLines.connect(1, "a")),\nnonsense\n,\(LogLines.connect(2, "b"))]"
        var store = try Store()
        try await store.ingest([folder.write(text, to: "x")])
        let times = try times(store)
        #expect(try rows(store) == [[nil, times[0], times[1]]])
    }

    /// Batches are handed on between the reject and its neighbour, and the next file starts with nothing known.
    @Test func aBatchsEndHidesNoNeighbour() async throws {
        let folder = try TestFolder()
        var lines = (0..<8191).map { LogLines.connect($0, "dev-\($0 % 7)") }
        lines += ["rubbish", "rubbish", LogLines.connect(9000, "z")]
        let long = try folder.write(lines.joined(separator: "\n"), to: "a")
        let next = try folder.write("rubbish", to: "b")
        var store = try Store()
        try await store.ingest([long, next])
        let times = try times(store)
        let around = [nil, times[8190], times[8191]]
        #expect(try rows(store).filter { $0[2] != nil } == [around, around])
        #expect(try rows(store).filter { $0[2] == nil } == [[nil, nil, nil]])
        #expect(store.report.isBalanced)
        #expect(store.report.rejected == 3)
    }

    @Test func manyRejectsInARowEndTheirWaiting() async throws {
        let folder = try TestFolder()
        var store = try Store()
        let lines = [String](repeating: "rubbish", count: 20_000) + [LogLines.connect(1, "a")]
        try await store.ingest([folder.write(lines.joined(separator: "\n"), to: "a")])
        #expect(store.report.isBalanced)
        #expect(store.report.rejected == 20_000)
    }
}
