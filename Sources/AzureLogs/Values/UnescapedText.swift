/// A text as it reads once its escapes are taken away, with the place of each character in the text as it is written.
///
/// Escapes are those of JSON (`\"`, `\/`, `\u0026`) and of addresses (`%2B`), however often one was applied to the other's
/// result: `\\\"`, `%253D`. Wide equals signs and colons read as the common ones. A text that has none of them is itself.
struct UnescapedText {
    /// The characters, as bytes; one beyond ASCII that was written by an escape is 0x7F.
    private(set) var bytes: [UInt8] = []
    /// Where each character begins in the text as written; one more for the end.
    private(set) var starts: [Int] = []
    /// How many backslashes stood before each; more than 99 for one by number, 200 and more for one of an address.
    private(set) var depths: [UInt8] = []

    init(_ text: [UInt8]) {
        bytes.reserveCapacity(text.count)
        starts.reserveCapacity(text.count + 1)
        depths.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            starts.append(at)
            let c = text[at]
            if c == 0x5C {
                backslash(text, &at)
            } else if c == 0x25, let (byte, end) = Self.percent(text, at) {
                add(byte, 200)
                at = end
            } else if c == 0xEF, let sign = Self.wideSign(text, at) {
                add(sign, Self.wide)
                at += 3
            } else {
                add(c, 0)
                at += 1
            }
        }
        starts.append(text.count)
    }

    private mutating func add(_ byte: UInt8, _ depth: UInt8) {
        bytes.append(byte)
        depths.append(depth)
    }

    private mutating func backslash(_ text: [UInt8], _ at: inout Int) {
        var end = at
        while end < text.count, text[end] == 0x5C { end += 1 }
        let depth = UInt8(min(end - at, 99))
        guard end < text.count else {
            add(0x5C, 0)
            at = end
            return
        }
        if text[end] == 0x75, let value = Self.hex(text, end + 1, 4) {
            add(value < 0x80 ? UInt8(value) : Self.wideSigns[value] ?? 0x7F, 99 + depth)
            at = end + 5
            return
        }
        switch text[end] {
        case 0x6E, 0x72, 0x74: add(0x0A, depth)
        default: add(text[end], depth)
        }
        at = end + 1
    }

    /// The depth of a wide sign that is written as it is.
    static let wide: UInt8 = 99

    /// The equals signs and colons of East Asian keyboards, wide and small (U+FF1D, U+FF1A, U+FE66, U+FE55).
    private static let wideSigns: [Int: UInt8] = [0xFF1D: 0x3D, 0xFF1A: 0x3A, 0xFE66: 0x3D, 0xFE55: 0x3A]

    /// The sign that three bytes stand for; nil for any other character.
    private static func wideSign(_ text: [UInt8], _ at: Int) -> UInt8? {
        guard at + 2 < text.count else { return nil }
        return wideSigns[Int(text[at] & 0x0F) << 12 | Int(text[at + 1] & 0x3F) << 6 | Int(text[at + 2] & 0x3F)]
    }

    /// The byte of `%2B` or `%252B`, and the end of it.
    private static func percent(_ text: [UInt8], _ start: Int) -> (UInt8, Int)? {
        var at = start + 1
        while at + 1 < text.count, text[at] == 0x32, text[at + 1] == 0x35 { at += 2 }
        if let value = hex(text, at, 2), value < 0x80 { return (UInt8(value), at + 2) }
        return nil
    }

    private static func hex(_ text: [UInt8], _ start: Int, _ digits: Int) -> Int? {
        guard start + digits <= text.count else { return nil }
        var value = 0
        for at in start..<start + digits {
            guard let digit = Character(Unicode.Scalar(text[at])).hexDigitValue else { return nil }
            value = value * 16 + digit
        }
        return value
    }

    /// The position behind an escape that begins at `at`, as far as its first byte tells.
    ///
    /// Only for the quick look, which may take a run for longer than it is.
    static func behindEscape(_ text: RawSpan, _ at: Int, _ end: Int) -> Int {
        var next = at
        while next < end, Scan.byte(text, next) == 0x5C { next += 1 }
        if next == at { return at + 1 }
        // The letters of a number or of `\n` count for the run, which makes it longer and never shorter.
        return Scan.byte(text, next) == 0x22 ? next : min(next + 1, end)
    }

    static func isBase64(_ c: UInt8) -> Bool {
        switch c {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x3D: true
        default: false
        }
    }
}
