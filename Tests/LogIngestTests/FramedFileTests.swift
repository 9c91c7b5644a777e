import FleetSimulator
import TestSupport
import Testing

@testable import LogIngest

/// What a file's bytes are cut into.
private struct Cut {
    var container: Container
    var records: [String] = []
    var lines: [Int] = []
    var offsets: [Int] = []
    var rejects: [FramingReject] = []
    var ending = FileEnding.complete

    init(_ bytes: [UInt8], limits: ReadLimits = ReadLimits()) throws {
        let folder = try TestFolder()
        let path = try folder.write(bytes, to: "input")
        let file = try FramedFile(path: path, limits: limits)
        container = file.container
        var chunk = RecordChunk(capacity: 1 << 12)
        while file.fill(&chunk) {
            for record in chunk.records {
                records.append(String(decoding: chunk.bytes[record.start..<record.start + record.count], as: UTF8.self))
                lines.append(record.line)
                offsets.append(record.offset)
            }
            rejects += chunk.rejects
        }
        ending = file.ending
    }

    init(_ text: String) throws { try self.init(Array(text.utf8)) }
}

@Suite struct FramedFileTests {
    private static let a = #"{"a":"{\"x\":1}"}"#
    private static let b = #"{"b":[1,{"c":2}]}"#

    @Test(arguments: [
        ("\(a)\n\(b)\n", Container.lines), ("\(a)\r\n\r\n\(b)", .lines), ("\u{FEFF}\(a)\n\(b)\n", .lines),
        ("\n\n\(a)\n\(b)", .lines),
        ("\(a)\(b)", .stream), ("[\(a),\(b)]", .stream), ("[\n  \(a),\n  \(b)\n]\n", .stream),
        ("{\"records\":[\(a),\n\(b)]}", .stream),
        ("{\"x\":{\"records\":1},\n\"records\": [ \(a) , \(b) ], \"PartitionId\":0}\n", .stream),
        ("{\n\"a\":1\n}\n{\n\"b\":2\n}", .stream),
        ("{\"records\":[,\(a),\n\(b),]}", .stream),
    ])
    func everyContainerGivesItsTwoRecords(_ text: String, _ container: Container) throws {
        let cut = try Cut(text)
        #expect(cut.container == container)
        #expect(cut.records.count == 2)
        #expect(cut.rejects == [])
    }

    /// An envelope that is never closed costs nothing of what comes after it.
    @Test(arguments: [
        ("{\"records\":[\(a)]\n{\"records\":[\(b)]}", 0), ("{\"records\":[\(a)],\"n\":1\n{\"records\":[\n\(b)]}", 0),
        ("{\"records\":[\(a)],\"n\":\"x\n{\"records\":[\n\(b)]}", 1),
        ("[{\"records\":[\(a)]\n{\"records\":[\(b)]}]", 0), ("[{\"records\":[\(a),\(b)", 0),
        ("{\"records\":[\(a)],\"n\":\n{\"m\":1}}\n{\"records\":[\(b)]}", 0),
    ])
    func anUnclosedEnvelopeLosesNothingBehindIt(_ text: String, _ rejects: Int) throws {
        let cut = try Cut(text)
        #expect(cut.records == [Self.a, Self.b])
        #expect(cut.rejects.count == rejects)
    }

    /// Cut off behind a record, whether or not a line feed is left there.
    @Test(arguments: [
        ("[\(a),\(b)", "array"), ("[\(a),\(b),\n", "array"), ("{\"records\":[\(a),\(b)", "array"),
        ("{\"records\":[\(a),\(b)]", "envelope"), ("{\"records\":[\(a),\(b)]\n", "envelope"),
        ("{\"records\":[\(a),\(b)],\"n\":1", "envelope"), ("{\"value\":[\(a),\(b)]", "envelope"),
    ])
    func whatIsNotClosedAtTheEndIsTruncated(_ text: String, _ what: String) throws {
        let cut = try Cut(text)
        #expect(cut.records == [Self.a, Self.b])
        #expect(cut.ending == .truncated("the text ends before its \(what) is closed"))
    }

    /// Where the reading stops for more must not decide what is a record: the same damage, moved over that edge byte by byte.
    @Test(arguments: [
        "[\(a),\n{\"cut\":\"x\n\(b)\n\(a)\n]", "[\(a),\n{\"cut\":[1,\n\(b),\n\(a)\n]",
        "[{\"cut\":{\"y\":1},\(a)\n,\(b)]", "{\"records\":[\(a)]\n{\"records\":[\(b),{\"cut\":]}]}",
    ])
    func theEdgeOfTheBufferDecidesNothing(_ text: String) throws {
        let plain = try Cut(text)
        for blanks in stride(from: (1 << 17) - text.utf8.count - 2, through: (1 << 17) + 2, by: 1) {
            let moved = try Cut(Array(repeating: 0x20, count: blanks) + Array(text.utf8))
            #expect(moved.records == plain.records, "behind \(blanks) blanks")
            #expect(moved.rejects.map { $0.offset - blanks } == plain.rejects.map(\.offset), "behind \(blanks) blanks")
            #expect(moved.rejects.map(\.detail) == plain.rejects.map(\.detail), "behind \(blanks) blanks")
        }
    }

    @Test func gzipIsToldByItsContentAndMayHaveManyMembers() throws {
        let cut = try Cut(try gzip("\(Self.a)\n".utf8) + gzip("\(Self.b)\n".utf8) + [0, 0, 0])
        #expect(cut.records == [Self.a, Self.b])
        #expect(cut.ending == .complete)
    }

    @Test func truncatedGzipGivesWhatCameBeforeTheBreak() throws {
        let lines = (0..<5000).map { "{\"n\":\($0 &* 2_654_435_761 % 1_000_003)}\n" }.joined()
        let whole = try gzip(lines.utf8)
        let cut = try Cut(Array(whole[..<(whole.count / 2)]))
        #expect(cut.ending.state == "truncated")
        #expect(cut.records.count > 1000)
        #expect(cut.records[0] == lines.split(separator: "\n")[0])
    }

    @Test func damagedGzipIsMarkedAndTrailingRubbishToo() throws {
        let member = try gzip("\(Self.a)\n".utf8)
        #expect(try Cut(member + Array("rubbish".utf8)).ending.state == "corrupt")
        var flipped = member
        flipped[flipped.count - 6] ^= 0xFF
        #expect(try Cut(flipped).ending.state == "corrupt")
    }

    @Test func linesAndOffsetsAreThoseOfTheFile() throws {
        let cut = try Cut("\n\(Self.a)\n\n  \(Self.b)\n")
        #expect(cut.lines == [2, 4])
        #expect(cut.offsets == [1, 1 + Self.a.utf8.count + 1 + 1 + 2])
    }

    @Test func aLineAboveTheLimitIsRejectedAndItsNeighboursAreNot() throws {
        let long = "{\"x\":\"" + String(repeating: "y", count: 300_000) + "\"}"
        let cut = try Cut(
            Array("\(Self.a)\n\(long)\n\(Self.b)\n\(Self.a)\n".utf8),
            limits: ReadLimits(recordBytes: 10_000)
        )
        #expect(cut.records == [Self.a, Self.b, Self.a])
        #expect(cut.rejects.map(\.reason) == ["too-long"])
        #expect(cut.rejects.map(\.line) == [2])
        #expect(cut.lines == [1, 3, 4])
    }

    @Test func aLineOf200MegabytesIsReadOverInLittleMemory() throws {
        let folder = try TestFolder()
        // 200 MB of one letter are 200 KB of gzip.
        let block = [UInt8](repeating: 0x79, count: 1 << 20)
        var packed = try gzip("\(Self.a)\n{\"x\":\"".utf8)
        let member = try gzip(block)
        for _ in 0..<200 { packed += member }
        packed += try gzip("\"}\n\(Self.b)\n".utf8)
        let path = try folder.write(packed, to: "long.json.gz")
        let file = try FramedFile(path: path, limits: ReadLimits(recordBytes: 1 << 20, ratio: 100_000))
        var chunk = RecordChunk(capacity: 1 << 16)
        var records = 0
        var rejects = 0
        while file.fill(&chunk) {
            records += chunk.records.count
            rejects += chunk.rejects.count
            #expect(chunk.bytes.count < 8 << 20)
        }
        #expect(records == 2)
        #expect(rejects == 1)
    }

    @Test func aBombIsStoppedByItsRatio() throws {
        let bomb = try gzip([UInt8](repeating: 0x20, count: 100 << 20))
        #expect(try Cut(bomb, limits: ReadLimits(ratio: 100)).ending.state == "limit")
    }

    @Test func aBrokenRecordInAnArrayCostsOnlyItself() throws {
        let cut = try Cut("[\n\(Self.a),\n{\"broken\": \"no end,\n\(Self.b)\n]")
        #expect(cut.records.contains(Self.a))
        #expect(cut.records.contains(Self.b))
        #expect(cut.rejects.count >= 1)
    }

    @Test func aBrokenRecordInAnEnvelopeOfOneLineCostsOnlyItself() {
        let good = (0..<50).map { "{\"n\":\($0)}" }
        let text =
            "{\"records\":[" + good[..<25].joined(separator: ",") + ",{\"x\":{\"y\":1},"
            + good[25...].joined(separator: ",") + "]}"
        let bytes = Array(text.utf8)
        let pieces = RecordSplitter.pieces(of: bytes, in: 0..<bytes.count)
        let records = pieces.compactMap { piece -> String? in
            guard case .record(let range) = piece else { return nil }
            return String(decoding: bytes[range], as: UTF8.self)
        }
        #expect(good.filter { !records.contains($0) } == [])
        #expect(pieces.count == 51)
    }

    @Test func rowsOfTheQueryAPIBecomeObjects() throws {
        let cut = try Cut(
            #"{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},{"type":"string","name":"Category"}],"rows":[["t",null],["u","[x]"]]}]}"#
        )
        #expect(cut.container == .table)
        #expect(cut.records == [#"{"TimeGenerated":"t","Category":null}"#, #"{"TimeGenerated":"u","Category":"[x]"}"#])
    }

    @Test func commaSeparatedValuesMayHoldQuotesCommasAndLineFeeds() throws {
        let cut = try Cut(
            "TimeGenerated [UTC],Category,properties_s\r\nt,c,\"{\"\"a\"\": 1,\n\"\"b\"\": 2}\"\r\n\r\nu,,x\r\ntoo,few\r\n"
        )
        #expect(cut.container == .csv)
        #expect(
            cut.records == [
                #"{"TimeGenerated":"t","Category":"c","properties_s":"{\"a\": 1,\u000a\"b\": 2}"}"#,
                #"{"TimeGenerated":"u","properties_s":"x"}"#,
            ]
        )
        #expect(cut.rejects.map(\.line) == [6])
    }

    @Test(arguments: ["", "\n\n", "\u{FEFF}", "   "])
    func emptyFilesHoldNothing(_ text: String) throws {
        let cut = try Cut(text)
        #expect(cut.records == [])
        #expect(cut.rejects == [])
    }

    @Test func aLineOfSeveralRecordsComesApart() {
        func pieces(_ text: String) -> [RecordSplitter.Piece] {
            RecordSplitter.pieces(of: Array(text.utf8), in: 0..<text.utf8.count)
        }
        #expect(pieces(#"{"records":[{"a":1},{"b":2}],"x":{}}"#) == [.record(12..<19), .record(20..<27)])
        #expect(pieces(#"{"a":1}{"b":2}"#) == [.record(0..<7), .record(7..<14)])
        #expect(pieces(#"{"a":1}junk"#) == [.record(0..<7), .rubbish(7..<11)])
    }
}

@Suite struct InputFilesTests {
    @Test func foldersAreListedByHourAndThenByPath() throws {
        let folder = try TestFolder()
        for name in [
            "b/y=2026/m=01/d=02/h=00/x", "a/y=2026/m=01/d=02/h=01/x", "b/y=2026/m=01/d=01/h=23/x", "z", ".hidden",
            "f.db", "f.db-wal", "f.db-sweep",
        ] {
            try folder.write("{}", to: name)
        }
        let files = try InputFiles.list([folder.path]).map { String($0.dropFirst(folder.path.count + 1)) }
        #expect(files == ["z", "b/y=2026/m=01/d=01/h=23/x", "b/y=2026/m=01/d=02/h=00/x", "a/y=2026/m=01/d=02/h=01/x"])
    }

    @Test func patternsAreExpandedHere() throws {
        let folder = try TestFolder()
        for name in ["a/1.json", "a/2.txt", "b/c/3.json", "4.json"] { try folder.write("{}", to: name) }
        func list(_ pattern: String) throws -> [String] {
            try InputFiles.list([folder.path + "/" + pattern]).map { String($0.dropFirst(folder.path.count + 1)) }
        }
        #expect(try list("*/*.json") == ["a/1.json"])
        #expect(try list("**/*.json") == ["4.json", "a/1.json", "b/c/3.json"])
        #expect(try list("a/[!2].*") == ["a/1.json"])
        #expect(try list("?.json") == ["4.json"])
    }

    @Test func whatIsNotThereIsAnError() throws {
        #expect(throws: InputError.self) { try InputFiles.list(["/no/such/file"]) }
        let folder = try TestFolder()
        #expect(throws: InputError.self) { try InputFiles.list([folder.path + "/*.json"]) }
    }
}
