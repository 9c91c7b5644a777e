import FleetSimulator
import GRDB
import TestSupport
import Testing

@testable import EventStore
@testable import LogIngest

/// Files of every format through the whole way into the database.
@Suite struct FormatTests {
    private static let lines = (0..<6).map { LogLines.connect($0, "dev-\($0)") + "\n" }
    private static let text = lines.joined()
    private static let bytes = Array(text.utf8)
    private static let pretty = "[\n" + lines.joined(separator: ",") + "]\n"

    private func read(_ files: [(name: String, bytes: [UInt8])]) async throws -> Store {
        let folder = try TestFolder()
        let paths = try files.map { try folder.write($0.bytes, to: $0.name) }
        var store = try Store()
        try await store.ingest(paths)
        #expect(store.report.isBalanced)
        // Known when met again: nothing is read a second time, nothing changes.
        let before = try store.content()
        let report = store.report
        try await store.ingest(paths)
        #expect(store.report.filesUnchanged == report.filesUnchanged + paths.count)
        #expect(store.report.lines == report.lines)
        #expect(try store.content() == before)
        return store
    }

    private static func encodings() -> [(name: String, bytes: [UInt8])] {
        var all: [(String, [UInt8])] = []
        for (form, text) in [("lines", text), ("array", pretty), ("crlf", text.replacing("\n", with: "\r\n"))] {
            for width in [2, 4] {
                for isLittle in [true, false] {
                    for mark in [true, false] {
                        let bytes = ArchiveMaker.wide(text, width: width, isLittle: isLittle, mark: mark)
                        all.append(("\(form)-\(width)-\(isLittle)-\(mark)", bytes))
                    }
                }
            }
        }
        return all
    }

    @Test(arguments: encodings()) func widerTextIsRead(_ file: (name: String, bytes: [UInt8])) async throws {
        let store = try await read([file, ("packed", try gzip(file.bytes))])
        #expect(store.report.stored == 6)
        #expect(store.report.duplicates == 6)
        #expect(store.report.rejected == 0)
    }

    @Test func halfACharacterAtTheEndIsATruncatedFile() async throws {
        var bytes = ArchiveMaker.wide(Self.text, width: 2, isLittle: true, mark: true)
        bytes.removeLast()
        let store = try await read([("a", bytes)])
        #expect(store.report.stored == 6)
        #expect(store.report.filesRejected == 1)
        #expect(try store.count("SELECT count(*) FROM files WHERE state = 'truncated'") == 1)
    }

    private static func archives() throws -> [(name: String, bytes: [UInt8])] {
        let two = [
            ("y=2026/one.json", Array(lines[..<3].joined().utf8)),
            ("y=2026/two.json", Array(lines[3...].joined().utf8)),
        ]
        let long = String(repeating: "folder/", count: 30) + "PT1H.json"
        return [
            ("tar", ArchiveMaker.tar(two)), ("tar.gz", try gzip(ArchiveMaker.tar(two))),
            ("long names", ArchiveMaker.tar([(long, Array(text.utf8))])),
            ("two tars", ArchiveMaker.tar([two[0]]) + ArchiveMaker.tar([two[1]])),
            ("zip", ArchiveMaker.zip(two)),
            ("gzip in zip", ArchiveMaker.zip([("a.gz", try gzip(Array(text.utf8)))])),
            ("tar.gz in zip", ArchiveMaker.zip([("a.tgz", try gzip(ArchiveMaker.tar(two)))])),
            ("UTF-16 in tar", ArchiveMaker.tar([("a", ArchiveMaker.wide(text, width: 2, isLittle: true, mark: true))])),
            ("gzip in gzip", try gzip(try gzip(Array(text.utf8)))),
            ("hidden members", ArchiveMaker.zip(two + [("__MACOSX/._one", [1, 2, 3]), (".DS_Store", [0])])),
            ("capture", ArchiveMaker.capture(lines.map { Array($0.utf8) })),
            ("capture of envelopes", ArchiveMaker.capture([Array("{\"records\":\(pretty)}".utf8), nil], blocks: 2)),
            ("capture, deflate", ArchiveMaker.capture(lines.map { Array($0.utf8) }, codec: "deflate", blocks: 3)),
            ("capture without codec", ArchiveMaker.capture([Array(text.utf8)], codec: nil)),
            ("capture in gzip", try gzip(ArchiveMaker.capture(lines.map { Array($0.utf8) }))),
        ]
    }

    @Test(arguments: try archives()) func archivesAndCapturesAreRead(_ file: (name: String, bytes: [UInt8]))
        async throws
    {
        let store = try await read([file])
        #expect(store.report.stored == 6)
        #expect(store.report.rejected == 0)
        #expect(store.report.filesRejected == 0)
    }

    @Test func membersAreCitedByArchiveAndName() async throws {
        let tar = ArchiveMaker.tar([("a/one.json", Self.bytes), ("a/two.json", Array("rubbish\n".utf8))])
        let store = try await read([("logs.tar", tar)])
        #expect(try store.places().allSatisfy { $0.contains("/logs.tar!a/one.json:") })
        #expect(try store.count("SELECT count(*) FROM rejects WHERE evidence LIKE '%/logs.tar!a/two.json:1'") == 1)
        #expect(try store.count("SELECT count(*) FROM files") == 3)
    }

    @Test func whatIsNoLongerInAnArchiveIsNoLongerRejected() async throws {
        let folder = try TestFolder()
        var store = try Store()
        let bad = ArchiveMaker.tar([("a", Self.bytes), ("b", Array("rubbish\n".utf8))])
        try await store.ingest([folder.write(bad, to: "x.tar")])
        #expect(try store.count("SELECT count(*) FROM rejects") == 1)
        try await store.ingest([folder.write(ArchiveMaker.tar([("a", Self.bytes)]), to: "x.tar")])
        #expect(try store.count("SELECT count(*) FROM rejects") == 0)
        #expect(store.report.isBalanced)
    }

    private static func broken() throws -> [(name: String, bytes: [UInt8], state: String)] {
        let tar = ArchiveMaker.tar([("a", bytes), ("b", bytes)])
        let zip = ArchiveMaker.zip([("a", bytes)])
        let capture = ArchiveMaker.capture(lines.map { Array($0.utf8) }, blocks: 6)
        return [
            ("tar without its end", ArchiveMaker.tar([("a", bytes)], isClosed: false), "truncated"),
            ("tar cut in a member", Array(tar[..<1400]), "truncated"),
            ("tar with rubbish", tar[..<(tar.count / 2 - 512)] + [UInt8](repeating: 0x41, count: 512), "corrupt"),
            ("zip without its end", Array(zip.dropLast(30)), "truncated"),
            ("zip with another checksum", ArchiveMaker.zip([("a", bytes)], checksumOff: 1), "corrupt"),
            ("capture cut in a block", Array(capture.dropLast(20)), "truncated"),
            ("capture with another mark", Array(capture.dropLast(1)) + [0xFF], "corrupt"),
            ("an array that is not closed", Array(pretty.dropLast(2).utf8), "truncated"),
            ("an envelope that is not closed", Array("{\n\"records\":\(pretty.dropLast(2))".utf8), "truncated"),
            ("an envelope without its bracket", Array("{\n\"records\":\(pretty)".utf8), "truncated"),
        ]
    }

    @Test(arguments: try broken()) func whatIsBrokenSaysSoAndGivesWhatItHas(
        _ file: (name: String, bytes: [UInt8], state: String)
    ) async throws {
        let store = try await read([(file.name, file.bytes)])
        #expect(store.report.filesRejected >= 1)
        #expect(try store.count("SELECT count(*) FROM files WHERE state = '\(file.state)'") >= 1)
        #expect(try store.count("SELECT count(*) FROM rejects WHERE line = 0") >= 1)
        #expect(file.name.hasPrefix("zip without") || store.report.stored > 0)
    }

    @Test func anEnvelopeOnALineThatIsNotClosedIsAReject() async throws {
        let line = "{\"records\":[" + Self.lines.map { $0.dropLast() }.joined(separator: ",")
        for text in [line, line + "\n" + Self.text] {
            let store = try await read([("a", Array(text.utf8))])
            #expect(store.report.stored == (text == line ? 6 : 12))
            #expect(store.report.rejected + store.report.filesRejected == 1)
        }
    }

    private static let unread: [(name: String, bytes: [UInt8], holdsLogs: Bool)] = [
        ("bzip2", Array("BZh91AY&SY".utf8) + [0, 1, 2, 200], true),
        ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], true), ("zstd", [0x28, 0xB5, 0x2F, 0xFD, 4], true),
        ("lz4", [0x04, 0x22, 0x4D, 0x18, 0x64], true), ("7-Zip", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], true),
        ("RAR", Array("Rar!\u{1A}\u{07}\u{01}".utf8), true), ("Parquet", Array("PAR1\u{15}\u{4}".utf8), true),
        ("ORC", Array("ORC\u{08}\u{03}".utf8), true), ("SQLite", Array("SQLite format 3\0\u{10}".utf8), true),
        ("PDF", Array("%PDF-1.7\n%\n1 0 obj\n".utf8), true),
        ("HTML", Array("\n<!DOCTYPE html>\n<html><body>Sign in</body></html>\n".utf8), true),
        ("XML", Array("\u{FEFF}<?xml version=\"1.0\"?>\n<Error><Code>AuthenticationFailed</Code></Error>".utf8), true),
        ("Avro", ArchiveMaker.capture([[0x7B, 0x7D]], body: "Payload"), true),
        ("Avro", ArchiveMaker.capture([[0x7B, 0x7D]], codec: "snappy"), true),
        ("Office", ArchiveMaker.zip([("[Content_Types].xml", [0x3C]), ("xl/workbook.xml", [0x3C])]), true),
        ("PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0], false),
        ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0, 0, 16], false), ("ELF", [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0], false),
    ]

    @Test(arguments: unread) func whatIsNotReadIsOneRejectThatNamesIt(
        _ file: (name: String, bytes: [UInt8], holdsLogs: Bool)
    ) async throws {
        let store = try await read([("a", file.bytes)])
        #expect(store.report.lines == 1)
        #expect(store.report.rejected == 1)
        let reason = file.holdsLogs ? "unsupported-format" : "not-a-log-format"
        #expect(try store.count("SELECT count(*) FROM rejects WHERE reason = '\(reason)' AND line = 0") == 1)
        #expect(try store.count("SELECT count(*) FROM rejects WHERE detail LIKE '%\(file.name)%'") == 1)
        #expect(try store.count("SELECT count(*) FROM files WHERE state = 'unreadable'") == 1)
    }

    @Test func membersThatCannotBeUnpackedAreNamed() async throws {
        for (zip, word) in [
            (ArchiveMaker.zip([("a", Self.bytes)], flags: 1), "encrypted"),
            (ArchiveMaker.zip([("a", Self.bytes)], method: 93), "method 93"),
            (ArchiveMaker.zip([("a.zip", ArchiveMaker.zip([("b", Self.bytes)]))]), "inside of an archive"),
        ] {
            let store = try await read([("x.zip", zip)])
            #expect(store.report.rejected == 1)
            #expect(store.report.stored == 0)
            #expect(try store.count("SELECT count(*) FROM rejects WHERE detail LIKE '%\(word)%'") == 1)
        }
    }

    @Test func anArchiveIsStoppedAtItsLimits() async throws {
        let folder = try TestFolder()
        var options = IngestOptions()
        options.maxInflatedBytes = Self.bytes.count * 3 / 2
        for (name, bytes) in [
            ("a.zip", ArchiveMaker.zip([("a", Self.bytes), ("b", Self.bytes), ("c", Self.bytes)])),
            ("a.tar", ArchiveMaker.tar([("a", Self.bytes), ("b", Self.bytes), ("c", Self.bytes)])),
        ] {
            var store = try Store()
            try await store.ingest([folder.write(bytes, to: name)], options: options)
            #expect(store.report.isBalanced)
            #expect(try store.count("SELECT count(*) FROM files WHERE state = 'limit' AND path LIKE '%\(name)'") == 1)
            #expect(store.report.lines < 18)
        }
    }

    @Test func damagedArchivesHoldTheBalance() async throws {
        var random = SplitMix64(seed: 20_261_130)
        let whole = [
            ArchiveMaker.tar([("a", Self.bytes), ("b", Array(Self.pretty.utf8))]),
            ArchiveMaker.zip([("a", Self.bytes), ("b", Array(Self.pretty.utf8))]),
            ArchiveMaker.capture(Self.lines.map { Array($0.utf8) }, codec: "deflate", blocks: 3),
            ArchiveMaker.wide(Self.text, width: 2, isLittle: true, mark: true),
        ]
        let folder = try TestFolder()
        for round in 0..<80 {
            var bytes = whole[round % whole.count]
            for _ in 0..<(1 + Int.random(in: 0..<4, using: &random)) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = UInt8(Int.random(in: 0..<256, using: &random))
                case 1: bytes.removeSubrange(at..<min(at + 1 + Int.random(in: 0..<40, using: &random), bytes.count))
                default:
                    bytes.insert(
                        contentsOf: (0..<Int.random(in: 0..<9, using: &random)).map { _ in
                            UInt8(Int.random(in: 0..<256, using: &random))
                        },
                        at: at
                    )
                }
            }
            var store = try Store()
            try await store.ingest([folder.write(bytes, to: "\(round)")])
            #expect(store.report.isBalanced, "round \(round)")
        }
    }
}
