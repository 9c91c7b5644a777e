/// Whole numbers in text, as lax as logs write them.
enum DecimalText {
    /// Reads `226`, `226.0` or `226.4` (cut); nil for anything else, or more than 15 digits.
    static func integer(_ text: RawSpan, _ slice: Slice) -> Int64? {
        var value: Int64 = 0
        var at = Int(slice.offset)
        let end = at + Int(slice.count)
        let start = at
        while at < end, Scan.byte(text, at) &- 0x30 < 10 {
            value = value &* 10 &+ Int64(Scan.byte(text, at) &- 0x30)
            at += 1
        }
        guard at > start, at - start <= 15 else { return nil }
        if at < end, Scan.byte(text, at) == 0x2E {
            at += 1
            while at < end, Scan.byte(text, at) &- 0x30 < 10 { at += 1 }
        }
        return at == end ? value : nil
    }
}
