import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import EventStore

/// What a run is told of the ledger, against the same question in SQL, over ledgers and lists of files from a seed.
@Suite struct LedgerEntryTests {
    /// Names that are prefixes, members and namesakes of each other; two differ only to those who compare letters, not bytes.
    private static let names = [
        "a", "a!b", "a!b!c", "ab", "b", "b!", "!b", "b.zip", "b.zip!a", "b.zip!in.tar!x", "b.zipped", "\u{e9}",
        "e\u{301}",
    ]

    @Test(arguments: UInt64(1)...60)
    func aRunIsToldOfNamesMembersLengthsAndOpenDatesAlone(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let folder = try TestFolder()
        let store = try Store()
        try store.database.access.write { connection in
            for name in Self.names {
                for generation in 1...3 where Bool.random(using: &random) {
                    try connection.execute(
                        sql: """
                            INSERT INTO file(path, generation, container, state, note, bytes_read, bytes_inflated, content,
                                lines, stored, duplicates, ignored, rejected, resume_offset, resume_line, dates)
                            VALUES(?, ?, 'lines', 'complete', '', ?, 0, x'00', 0, 0, 0, 0, 0, 0, 1, ?)
                            """,
                        arguments: [
                            "\(folder.path)/\(name)", generation, Int.random(in: 0...9, using: &random),
                            ["", "", "file", "undecided"].randomElement(using: &random),
                        ]
                    )
                }
            }
        }
        var paths: [String] = []
        var sizes: [Int] = []
        for name in Self.names where Int.random(in: 0..<5, using: &random) == 0 {
            let size = Int.random(in: 0...9, using: &random)
            // One that is missing has a name alone.
            if Bool.random(using: &random) {
                paths.append("\(folder.path)/\(name)")
            } else {
                paths.append(try folder.write(String(repeating: "x", count: size), to: name))
                sizes.append(size)
            }
        }
        try store.database.access.read { connection in
            let told = try LedgerEntry.concerning(paths, IngestOptions(), connection).map(\.id)
            let isLong = "bytes_read IN (\(sizes.map(String.init).joined(separator: ",")))"
            let isNamed = paths.map { _ in "path = ? OR substr(path, 1, length(?) + 1) = ? || '!'" }
            let conditions = (isNamed + ["dates = 'undecided'", isLong]).joined(separator: " OR ")
            let asked = try Int.fetchAll(
                connection,
                sql: "SELECT id FROM file WHERE \(conditions) ORDER BY path, generation",
                arguments: StatementArguments(paths.flatMap { [$0, $0, $0] })
            )
            #expect(told == asked)
            #expect(Set(told).count == told.count)
        }
    }
}
