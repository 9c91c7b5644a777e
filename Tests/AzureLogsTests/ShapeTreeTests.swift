import FleetSimulator
import TestSupport
import Testing

@testable import AzureLogs

/// Records of a known shape are read exactly as the general way reads them.
@Suite struct ShapeTreeTests {
    /// What a reader made of a record, as texts.
    private struct Outcome: Equatable, CustomStringConvertible {
        var description: String

        init(_ reader: inout RecordReader, _ text: [UInt8]) {
            var padded = text
            padded.append(0x0A)
            padded.append(contentsOf: repeatElement(0, count: 40))
            let reading = reader.read(padded.span.bytes, 0..<text.count)
            guard case .event = reading else {
                description = "\(reading)"
                return
            }
            let draft = reader.draft
            let source = draft.isInSource ? padded : reader.text
            func string(_ slice: Slice) -> String {
                String(decoding: source[Int(slice.offset)..<Int(slice.offset + slice.count)], as: UTF8.self)
            }
            var correlation = "\(draft.correlation)"
            if case .text(let slice) = draft.correlation { correlation = string(slice) }
            description =
                "\(draft.ticks) \(String(describing: draft.duration)) \(correlation) \(draft.unknownSum) "
                + [draft.identity, draft.target, draft.network, draft.agent].map(string).joined(separator: "|")
        }
    }

    private static let records: [String] = [
        LogLines.connect(0, "dev-1", code: "401003"), LogLines.connect(1, "dev-2"), LogLines.registration(5, "dev-2"),
        LogLines.disconnect(9, "dé\\\\v", code: "404104"), LogLines.attestation(9, "dev-3", ok: false),
        #"{"TimeGenerated":"2026-11-20T08:00:00.1Z","TenantId":"t-1","Category":"Connections","durationMs_d":12,"properties_s":"{\"deviceId\":\"a\",\"extra\":\"x\"}"}"#,
        #"{"time":"2026-11-20T08:00:00Z","category":"DeviceOperations","operationName":"Register","durationMs":210,"callerIpAddress":"10.0.0.XXX","properties":{"registrationId":"r","deviceId":"d","maskedIpAddress":"9.9.9.XXX"}}"#,
        #"{"time":"2026-11-20T08:00:00Z","category":"Connections","properties":"{\"deviceId\":\"x\",\"authType\":\"{\\\"type\\\":\\\"sas\\\",\\\"scope\\\":\\\"device\\\"}\",\"list\":[1,{\"a\":\"b\"}]}"}"#,
        #"{"time":"2026-11-20T08:00:00Z","category":"Connections","correlationId":"None","resultDescription":"a \"quoted\" text\n","identity":{"claims":["x","}"]},"properties":"{\"deviceId\":\"\"}"}"#,
    ]

    @Test func theThirdRecordOfAShapeIsReadByIt() {
        for text in Self.records {
            var reader = RecordReader()
            for _ in 0..<2 {
                _ = Outcome(&reader, Array(text.utf8))
                #expect(!reader.draft.isInSource)
            }
            _ = Outcome(&reader, Array(text.utf8))
            let isPlain = !text.contains("dé")
            #expect(reader.draft.isInSource == isPlain, "\(text)")
        }
    }

    @Test func damagedRecordsAreReadAlikeByShapeAndInGeneral() {
        var random = SplitMix64(seed: 2_026_112_4)
        var learned = RecordReader(lessons: 20_000, isEager: true)
        var general = RecordReader(lessons: 0)
        var shaped = 0
        for round in 0..<40_000 {
            var text = Array(Self.records[Int(random.next() % UInt64(Self.records.count))].utf8)
            // Small changes first, so that many variants become shapes of their own.
            for _ in 0..<(random.next() % 3) { Mutation.apply(&text, &random) }
            if round % 2 == 0 { Self.changeValue(&text, &random) }
            let a = Outcome(&learned, text)
            if learned.draft.isInSource { shaped += 1 }
            let b = Outcome(&general, text)
            #expect(a == b, "\(String(decoding: text, as: UTF8.self))")
            if a != b { return }
        }
        #expect(shaped > 4000)
    }

    @Test func aMemberThatStandsTwiceIsNotLearned() {
        let twice =
            #"{"time":"2026-11-20T08:00:00Z","category":"Connections","properties":"{\"deviceId\":\"a\",\"deviceId\":\"b\"}"}"#
        var reader = RecordReader()
        for _ in 0..<3 { _ = Outcome(&reader, Array(twice.utf8)) }
        #expect(!reader.draft.isInSource)
        #expect(reader.string(reader.draft.identity) == "b")
    }

    @Test func textsThatNeverComeAgainAreNotLearned() {
        var reader = RecordReader()
        func text(_ number: Int) -> [UInt8] {
            let head = #"{"time":"2026-11-20T08:00:00Z","category":"Connections""#
            return Array((head + #","resultDescription":"\#(number)","properties":"{}"}"#).utf8)
        }
        for number in 0..<3000 {
            _ = Outcome(&reader, text(number))
            #expect(reader.draft.shape == -1)
        }
        // What comes again is learned behind them.
        for _ in 0..<3 { _ = Outcome(&reader, text(1)) }
        #expect(reader.draft.isInSource)
    }

    @Test func membersInAnyOrderSayTheSame() {
        var random = SplitMix64(seed: 8)
        var general = RecordReader(lessons: 0)
        var learned = RecordReader()
        let inner = [
            #"\"deviceId\":\"d-1\""#, #"\"sdkVersion\":\"s 1\""#, #"\"authType\":null"#, #"\"x\":\"a\\\"b\/\""#,
        ]
        let outer = [
            #""time":"2026-11-20T08:00:00.25Z""#, #""category":"Connections""#, #""level":"Error""#,
            #""n":[1,{"a":2}]"#,
            #""operationName":"deviceConnect""#, #""correlationId":"c 1""#, #""durationMs":"17""#,
        ]
        var first: (Outcome, UInt64)?
        for _ in 0..<2000 {
            let properties = #""properties":"{"# + inner.shuffled(using: &random).joined(separator: ",") + #"}""#
            let text = "{" + (outer + [properties]).shuffled(using: &random).joined(separator: ",") + "}"
            let a = Outcome(&general, Array(text.utf8))
            #expect(a == Outcome(&learned, Array(text.utf8)))
            let expected = first ?? (a, general.contextHash)
            first = expected
            #expect(a == expected.0 && general.contextHash == expected.1, "\(text)")
        }
        #expect(first?.0.description.contains("d-1") == true)
    }

    @Test func learningStopsWhenTheTreeIsFull() {
        var reader = RecordReader(lessons: 20_000, isEager: true)
        let filler = String(repeating: "m", count: 4000)
        for index in 0..<1000 {
            let text =
                #"{"time":"2026-11-20T08:00:00Z","category":"Connections","resultDescription":"\#(index) \#(filler)","properties":"{\"deviceId\":\"a\"}"}"#
            let outcome = Outcome(&reader, Array(text.utf8))
            #expect(outcome.description.contains("|"))
        }
        #expect(reader.draft.shape == -1)
    }

    /// Replaces letters and digits only, which leaves most records in their shape.
    private static func changeValue(_ text: inout [UInt8], _ random: inout SplitMix64) {
        guard !text.isEmpty else { return }
        for _ in 0..<4 {
            let at = Int(random.next() % UInt64(text.count))
            switch text[at] {
            case 0x30...0x39: text[at] = 0x30 + UInt8(random.next() % 10)
            case 0x61...0x7A: text[at] = 0x61 + UInt8(random.next() % 26)
            default: continue
            }
        }
    }
}
