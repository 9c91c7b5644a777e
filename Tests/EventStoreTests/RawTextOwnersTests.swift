import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import EventStore

/// Raw texts are kept once, however often their records are delivered.
@Suite struct RawTextOwnersTests {
    private static let lines = (0..<900).map {
        LogLines.registration($0, "dev-\($0 % 50)", status: "failed", code: 401_002, correlation: "c-\($0)")
    }

    private func deliveries(_ folder: TestFolder) throws -> [String] {
        let grown = Self.lines + [LogLines.registration(9000, "late", status: "failed", code: 401_002)]
        return [
            try folder.write(Self.lines.joined(separator: "\n"), to: "b"),
            try folder.write(Self.lines.reversed().joined(separator: "\n"), to: "a"),
            try folder.write(Self.lines.joined(separator: "\n\n"), to: "d"),
            try folder.write("[" + grown.joined(separator: ",\n") + "]", to: "c"),
        ]
    }

    private func bytes(_ store: Store) throws -> Int {
        try store.count("SELECT coalesce(sum(length(data)), 0) FROM raw_block")
    }

    @Test func deliveriesAgainDoNotStoreTheirTextsAgain() async throws {
        let folder = try TestFolder()
        let paths = try deliveries(folder)
        var once = try Store()
        try await once.ingest([paths[0]])
        for order in [paths, paths.reversed(), [paths[1], paths[0], paths[3], paths[2]]] {
            for apart in [true, false] {
                var store = try Store()
                for part in apart ? order.map({ [$0] }) : [order] { try await store.ingest(part) }
                #expect(store.report.stored == 901)
                // The block with the one new record stays whole beside the first; four deliveries would be four times as much.
                #expect(try bytes(store) * 5 < bytes(once) * 13)
                // Every event is still cited by a line whose text is there.
                for place in try store.places() {
                    let colon = try #require(place.lastIndex(of: ":"))
                    let line = try #require(Int(place[place.index(after: colon)...]))
                    let text = try RawRecords.text(path: String(place[..<colon]), line: line, in: store.database)
                    #expect(text?.contains("registrationId") == true, "\(place)")
                }
            }
        }
    }
}
