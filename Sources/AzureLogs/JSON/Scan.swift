/// Loads and searches in the bytes of a record; every load is checked against the span's end.
///
/// Convention: the text is followed by at least 32 readable bytes, the first of them a control byte, so that a scan
/// ends without a length test of its own.
enum Scan {
    /// The byte at an offset.
    @inline(__always)
    static func byte(_ text: RawSpan, _ at: Int) -> UInt8 { text.unsafeLoad(fromByteOffset: at, as: UInt8.self) }

    /// Eight bytes at an offset, the first one lowest.
    @inline(__always)
    static func word(_ text: RawSpan, _ at: Int) -> UInt64 {
        UInt64(littleEndian: text.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    /// The offset of the first quote, backslash or control byte at or after `at`.
    @inline(__always)
    static func stringEnd(_ text: RawSpan, _ at: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = at
        while true {
            let w = word(text, at)
            let quote = w ^ (ones &* 0x22)
            let slash = w ^ (ones &* 0x5C)
            // The high bit of each byte that matches; above the first match bits may be wrong, the first is exact.
            let hits =
                (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((w &- ones &* 0x20) & ~w))
                & 0x8080_8080_8080_8080
            if hits != 0 { return at &+ hits.trailingZeroBitCount >> 3 }
            at &+= 8
        }
    }

    /// The offset of the first quote, backslash, control byte or byte beyond ASCII at or after `at`.
    @inline(__always)
    static func plainEnd(_ text: RawSpan, _ at: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = at
        while true {
            let w = word(text, at)
            let quote = w ^ (ones &* 0x22)
            let slash = w ^ (ones &* 0x5C)
            let hits =
                (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((w &- ones &* 0x20) & ~w) | w)
                & 0x8080_8080_8080_8080
            if hits != 0 { return at &+ hits.trailingZeroBitCount >> 3 }
            at &+= 8
        }
    }

    /// Skips JSON's white space.
    @inline(__always)
    static func skipSpace(_ text: RawSpan, _ at: inout Int) {
        while true {
            let c = byte(text, at)
            if c > 0x20 { return }
            guard c == 0x20 || c == 0x0A || c == 0x0D || c == 0x09 else { return }
            at &+= 1
        }
    }

    /// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7).
    static func isValidUTF8(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        var at = range.lowerBound
        let end = range.upperBound
        func tail(_ k: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            at + k < end && byte(text, at + k) >= low && byte(text, at + k) <= high
        }
        while at < end {
            // Most texts are ASCII throughout.
            if at &+ 32 <= end {
                let first = word(text, at) | word(text, at &+ 8)
                let second = word(text, at &+ 16) | word(text, at &+ 24)
                if (first | second) & 0x8080_8080_8080_8080 == 0 {
                    at &+= 32
                    continue
                }
            }
            if at &+ 8 <= end, word(text, at) & 0x8080_8080_8080_8080 == 0 {
                at &+= 8
                continue
            }
            let c = byte(text, at)
            switch c {
            case 0..<0x80: at += 1
            case 0xC2..<0xE0:
                guard tail(1) else { return false }
                at += 2
            case 0xE0..<0xF0:
                guard tail(1, c == 0xE0 ? 0xA0 : 0x80, c == 0xED ? 0x9F : 0xBF), tail(2) else { return false }
                at += 3
            case 0xF0..<0xF5:
                guard tail(1, c == 0xF0 ? 0x90 : 0x80, c == 0xF4 ? 0x8F : 0xBF), tail(2), tail(3) else { return false }
                at += 4
            default: return false
            }
        }
        return true
    }
}
