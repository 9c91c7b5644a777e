import FleetSimulator
import TestSupport
import Testing

@testable import AzureLogs

/// The fast cursor and the plain tree agree, on the kinds of cases of JSON test suites and on damaged records.
@Suite struct JSONAgreementTests {
    private func cursorAccepts(_ text: [UInt8]) -> Bool {
        var padded = text
        padded.append(0x0A)
        padded.append(contentsOf: repeatElement(0, count: 40))
        let span = padded.span.bytes
        guard Scan.isValidUTF8(span, 0..<text.count) else { return false }
        var scratch = Scratch(level: 1)
        var at = 0
        Scan.skipSpace(span, &at)
        let (_, fault) = JSONCursor.value(span, &at, 0, &scratch)
        if fault != .none { return false }
        while at < text.count, Scan.byte(span, at) <= 0x20 {
            guard [0x20, 0x0A, 0x0D, 0x09].contains(Scan.byte(span, at)) else { return false }
            at += 1
        }
        return at == text.count
    }

    @Test(arguments: [
        "{}", "[]", "[1,-0,0.5,1e9,1E-2,-1.25e+3]", #"{"a":{"b":[null,true,false]}}"#, #"["\u00e9\ud83d\ude00\n\/"]"#,
        "\"\"", "0",
        " [ 1 , 2 ] ", #"{"":""}"#, #"{"a":1,"a":2}"#, "[\"\u{7F}\"]", "[[[[[[]]]]]]", #"["é😀"]"#,
    ])
    func validDocumentsAreAccepted(_ text: String) {
        #expect(cursorAccepts(Array(text.utf8)))
        #expect(JSONTree.parse(text.utf8) != nil)
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1,]", "{\"a\":1,}", "[,1]", "{,}", "[1 2]", "{\"a\" 1}", "{a:1}", "{'a':1}", "[01]",
        "[1.]", "[.5]", "[+1]",
        "[1e]", "[1e+]", "[--1]", "[nul]", "[True]", "[NaN]", "[\"\t\"]", "[\"\\x\"]", "[\"\\u12\"]", "[\"", "[1]]",
        "{}}", "[1]x",
        "[\"\\\"]", "{\"a\":}", "{\"a\"}", "[0x1]", "[1,,2]", "\u{FEFF}[]", "[\"a\nb\"]", "{\"a\":1 \"b\":2}", "[-]",
        "[truefalse]",
    ])
    func invalidDocumentsAreRefused(_ text: String) {
        #expect(!cursorAccepts(Array(text.utf8)))
        #expect(JSONTree.parse(text.utf8) == nil)
    }

    @Test func damagedRecordsAreJudgedAlikeByBoth() {
        var random = SplitMix64(seed: 20_261_123)
        let seeds = [
            LogLines.connect(0, "dev-1", code: "401003"), LogLines.registration(5, "dev-2"),
            LogLines.attestation(9, "dev-3", ok: false),
            #"{"a":"\\\"\u0041\ud83d\ude00","b":[1,2,{"c":null}],"d":-1.5e3,"e":true}"#,
        ].map { Array($0.utf8) }
        var differences: [String] = []
        for _ in 0..<100_000 {
            var text = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0..<(1 + random.next() % 3) { Mutation.apply(&text, &random) }
            if cursorAccepts(text) != (JSONTree.parse(text) != nil) {
                differences.append(String(decoding: text, as: UTF8.self))
            }
        }
        #expect(differences.prefix(3) == [])
    }

    @Test func damagedRecordsGiveTheSameFieldsByBoth() {
        var random = SplitMix64(seed: 7)
        let seeds = [
            LogLines.connect(0, "dev-1", code: "401003"), LogLines.registration(5, "dev-2"),
            LogLines.disconnect(9, "dé\\\\v", code: "404104"),
        ].map { Array($0.utf8) }
        var compared = 0
        for _ in 0..<30_000 {
            var text = seeds[Int(random.next() % UInt64(seeds.count))]
            Mutation.apply(&text, &random)
            let read = ReadRecord(bytes: text)
            guard read.isEvent, let tree = JSONTree.parse(text), tree["data"] == nil else { continue }
            let inner = tree["properties"].flatMap { $0.text.flatMap { JSONTree.parse($0.utf8) } ?? $0 }
            // The twin knows exact spellings only; a key that the mutation damaged is compared where both know it.
            if let inner, case .object = inner, let device = inner["deviceId"]?.text ?? inner["registrationId"]?.text,
                inner["registrationId"] == nil || inner["registrationId"]?.text == device
            {
                #expect(read.identity == device)
                compared += 1
            }
            if let operation = tree["operationName"]?.text, operation != "None" {
                #expect(read.context[.operation] == operation)
            }
        }
        #expect(compared > 1000)
    }
}

/// Ways to damage a text.
enum Mutation {
    static func apply(_ text: inout [UInt8], _ random: inout SplitMix64) {
        guard !text.isEmpty else { return }
        let at = Int(random.next() % UInt64(text.count))
        switch random.next() % 8 {
        case 0: text[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: text.remove(at: at)
        case 2: text.insert(UInt8(truncatingIfNeeded: random.next() % 128), at: at)
        case 3: text.removeSubrange(at...)
        case 4: text.insert(contentsOf: Array(#"\""#.utf8), at: at)
        case 5:
            text.insert(contentsOf: [[0x5C, 0x5C], [0x22], [0x7B], [0x7D], [0x2C]][Int(random.next() % 5)], at: at)
        case 6:
            let end = min(text.count, at + Int(random.next() % 40))
            text.insert(contentsOf: text[at..<end], at: at)
        default: text[at] ^= 1 << UInt8(random.next() % 8)
        }
    }
}
