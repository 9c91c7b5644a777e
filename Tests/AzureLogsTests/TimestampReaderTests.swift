import FleetSimulator
import TestSupport
import Testing

@testable import AzureLogs

/// The quick way to read times gives what the plain one gives.
@Suite struct TimestampReaderTests {
    private static func both(_ reader: inout TimestampReader, _ text: [UInt8]) -> (Int64?, Int64?) {
        let padded = text + [UInt8](repeating: 0, count: 40)
        let span = padded.span.bytes
        return (reader.parse(span, 0..<text.count), Timestamp.parse(span, 0..<text.count))
    }

    /// A text that is mostly a time.
    private static func text(_ random: inout SplitMix64) -> [UInt8] {
        func two(_ below: UInt64) -> String { String(String(100 + random.next() % below).dropFirst()) }
        func rarely(_ rare: UInt64, _ usual: UInt64) -> UInt64 { random.next() % 9 == 0 ? rare : usual }
        let year = rarely(1960 + random.next() % 80, 2026)
        let letter = ["t", " ", "x", "T", "T", "T", "T", "T"][Int(random.next() % 8)]
        var text = "\(year)-\(two(rarely(14, 12)))-\(two(33))\(letter)\(two(rarely(26, 24))):\(two(61)):\(two(62))"
        let digits = random.next() % 11
        if random.next() % 2 == 0 { text += "." + (0..<digits).map { _ in "\(random.next() % 10)" }.joined() }
        text += ["Z", "Z", "Z", "Z", "z", "", "+01:00", "-0330"][Int(random.next() % 8)]
        var bytes = Array(text.utf8)
        if random.next() % 4 == 0 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 128) }
        return bytes
    }

    @Test func timesOfAllFormsAreReadAlike() {
        var random = SplitMix64(seed: 20)
        var reader = TimestampReader()
        var read = 0
        for _ in 0..<60_000 {
            let text = Self.text(&random)
            let (quick, plain) = Self.both(&reader, text)
            #expect(quick == plain, "\(String(decoding: text, as: UTF8.self))")
            if quick != nil { read += 1 }
        }
        #expect(read > 15_000)
    }

    @Test func textsThatAreNoTimesAreNone() {
        var reader = TimestampReader()
        let zeros = [UInt8](repeating: 0, count: 11) + Array("00:00:00Z".utf8)
        let ones = [UInt8](repeating: 0xFF, count: 11) + Array("00:00:00Z".utf8)
        for text in [zeros, ones, [UInt8](repeating: 0, count: 24), Array("00000000000000:00:00Z".utf8), []] {
            let (quick, plain) = Self.both(&reader, text)
            #expect(quick == nil && plain == nil)
        }
    }
}
