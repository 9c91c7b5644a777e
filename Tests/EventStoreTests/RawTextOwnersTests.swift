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

    /// Files in which runs of lines come again, also those of other files, with texts long enough to fill many blocks.
    private static func repeating(_ folder: TestFolder, _ random: inout SplitMix64) throws -> [String] {
        var known: [String] = []
        return try (0..<4).map { file in
            var lines: [String] = []
            while lines.count < 500 {
                let run = Int(random.next() % 160) + 1
                if random.next() % 2 == 0, !known.isEmpty {
                    let from = Int(random.next() % UInt64(known.count))
                    lines += known[from...].prefix(run)
                    continue
                }
                for _ in 0..<run {
                    let number = known.count
                    let code = random.next() % 3 == 0 ? nil : "\(number)\(String(repeating: "9", count: 500))"
                    known.append(LogLines.connect(number, "dev-\(number % 30)", code: code))
                    // Some of these are copies that count, others have an identity of their own.
                    if random.next() % 2 == 0 { known[number] = known[number].replacing("00Z", with: "00.5Z") }
                    lines.append(known[number])
                }
            }
            return try folder.write(lines.joined(separator: "\n"), to: "\(random.next() % 90 + 10)-\(file)")
        }
    }

    @Test(arguments: [3, 4, 5, 6])
    func noBlockIsLeftThatASearchInAllEventsWouldRemove(_ seed: UInt64) async throws {
        let folder = try TestFolder()
        var random = SplitMix64(seed: seed)
        let paths = try Self.repeating(folder, &random)
        var store = try Store()
        try await store.ingest(paths)
        let kept = "SELECT count(*) FROM raw_block"
        let before = try store.count(kept)
        #expect(before > 4)
        try await store.database.access.write { connection in
            let files = try Set(Int.fetchAll(connection, sql: "SELECT id FROM file WHERE duplicates > 0"))
            #expect(!files.isEmpty)
            try RawTextOwners.dropUncited(of: files, connection)
        }
        #expect(try store.count(kept) == before)
    }

    @Test func onlyBlocksWhoseTextsMayAllBeLostAreLookedAt() {
        func owners(_ lost: [Int]) -> RawTextOwners {
            var owners = RawTextOwners()
            owners.keep(RawBlock(firstLine: 10, lastLine: 20, texts: 3, data: []))
            owners.lose(lost)
            return owners
        }
        #expect(!owners([]).mayHoldUncited())
        #expect(!owners([9, 10, 20, 21, 22]).mayHoldUncited())
        #expect(owners([20, 9, 10, 15]).mayHoldUncited())
        #expect(owners(Array(100...70_000)).mayHoldUncited())
        #expect(RawTextOwners(isGrown: true).mayHoldUncited())
    }
}
