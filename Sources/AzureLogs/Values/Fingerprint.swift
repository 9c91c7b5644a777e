/// 64-bit hashes with a fixed seed, so that ties between events are ordered the same in every database.
///
/// Not cryptographic. Whoever can craft a collision still loses nothing: the importer compares the rows behind equal
/// hashes before it calls them one event.
public enum Fingerprint {
    /// Folds the 128-bit product of two words.
    @inline(__always)
    public static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// The hash of `count` bytes at an offset.
    ///
    /// - Parameters:
    ///   - text: bytes with at least 16 readable ones behind the last.
    ///   - offset: the first byte.
    ///   - count: how many bytes count.
    ///   - seed: a number that sets one use apart from another.
    @inline(__always)
    public static func hash(_ text: RawSpan, _ offset: Int, _ count: Int, seed: UInt64) -> UInt64 {
        var h = seed ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var at = offset
        let end = offset &+ count
        while at &+ 16 < end {
            h = mix(Scan.word(text, at) ^ 0xE703_7ED1_A0B4_28DB, Scan.word(text, at &+ 8) ^ h)
            at &+= 16
        }
        let (a, b) = words(text, at, end &- at)
        return mix(a ^ 0x8EBC_6AF0_9C88_C6E3, b ^ h)
    }

    /// The hash of a text's UTF-8 bytes.
    public static func hash(_ text: String, seed: UInt64) -> UInt64 {
        var bytes = Array(text.utf8)
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 32))
        return hash(bytes.span.bytes, 0, count, seed: seed)
    }

    /// Up to 16 bytes as two words; needs 16 readable bytes from `offset`.
    @inline(__always)
    public static func words(_ text: RawSpan, _ offset: Int, _ count: Int) -> (UInt64, UInt64) {
        let first = Scan.word(text, offset)
        if count >= 8 {
            if count == 8 { return (first, 0) }
            return (first, Scan.word(text, offset &+ 8) & mask(count &- 8))
        }
        return (first & mask(count), 0)
    }

    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
    }

    /// Whether two runs of bytes are the same; both are readable eight bytes beyond their ends.
    @inline(__always)
    public static func equal(_ a: RawSpan, _ aOffset: Int, _ b: RawSpan, _ bOffset: Int, _ count: Int) -> Bool {
        var at = 0
        while at &+ 8 <= count {
            if Scan.word(a, aOffset &+ at) != Scan.word(b, bOffset &+ at) { return false }
            at &+= 8
        }
        if at == count { return true }
        let difference = Scan.word(a, aOffset &+ at) ^ Scan.word(b, bOffset &+ at)
        return difference & mask(count &- at) == 0
    }
}
