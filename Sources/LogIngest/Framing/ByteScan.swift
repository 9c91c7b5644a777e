/// Small searches in bytes.
enum ByteScan {
    /// Position of the first line feed, `end` if there is none.
    static func lineFeed(in bytes: [UInt8], from start: Int, to end: Int) -> Int {
        let span = bytes.span.bytes
        var at = start
        // Eight bytes at a time: a byte of `x` is zero where the text has a line feed.
        while at &+ 8 <= end {
            let x = span.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self) ^ 0x0A0A_0A0A_0A0A_0A0A
            let hit = (x &- 0x0101_0101_0101_0101) & ~x & 0x8080_8080_8080_8080
            if hit != 0 { return at &+ hit.trailingZeroBitCount >> 3 }
            at &+= 8
        }
        while at < end {
            if span.unsafeLoad(fromByteOffset: at, as: UInt8.self) == 0x0A { return at }
            at &+= 1
        }
        return end
    }

    /// White space of JSON (RFC 8259, section 2).
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
