/// UTF-16 and UTF-32 brought into UTF-8, as Windows PowerShell's `>` and Excel's "Unicode text" ask for.
///
/// Half of a surrogate pair becomes U+FFFD, as in JSON; a file that ends inside of a unit is truncated.
final class WideText: ByteSource {
    /// Width and order of the units.
    enum Encoding: String {
        case utf16LittleEndian = "UTF-16LE"
        case utf16BigEndian = "UTF-16BE"
        case utf32LittleEndian = "UTF-32LE"
        case utf32BigEndian = "UTF-32BE"

        /// Bytes of a unit.
        var width: Int { self == .utf16LittleEndian || self == .utf16BigEndian ? 2 : 4 }
        private var isLittle: Bool { self == .utf16LittleEndian || self == .utf32LittleEndian }

        /// The unit that begins at `at`.
        func unit(_ bytes: [UInt8], _ at: Int) -> UInt32 {
            var unit: UInt32 = 0
            for index in 0..<width {
                unit = unit << 8 | UInt32(bytes[at + (isLittle ? width - 1 - index : index)])
            }
            return unit
        }

        /// The encoding of text without a mark: logs are ASCII for the most part, whose wider units are zeros but for
        /// one byte.
        static func guess(_ head: [UInt8]) -> Encoding? {
            let whole = Array(head.prefix(512))
            for encoding in [utf32LittleEndian, utf32BigEndian, utf16LittleEndian, utf16BigEndian] {
                let count = whole.count / encoding.width
                guard count >= 2 else { continue }
                var ascii = 0
                for index in 0..<count {
                    let unit = encoding.unit(whole, index * encoding.width)
                    if unit < 0x7F, unit >= 0x20 || unit == 0x0A || unit == 0x0D || unit == 0x09 { ascii += 1 }
                }
                if ascii * 10 >= count * 9 { return encoding }
            }
            return nil
        }
    }

    private let source: any ByteSource
    private let encoding: Encoding
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var held = 0
    private var out: [UInt8] = []
    private var taken = 0
    /// The first half of a surrogate pair whose second one is still to come.
    private var high: UInt32?
    private var cut = FileEnding.complete

    init(_ source: any ByteSource, _ encoding: Encoding, mark: Int) {
        self.source = source
        self.encoding = encoding
        _ = source.skip(mark)
    }

    var ending: FileEnding { source.ending.or(cut) }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while taken == out.count { if !fill() { return 0 } }
        let count = min(buffer.count, out.count - taken)
        out.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count])) }
        taken += count
        return count
    }

    /// Brings the next piece over; false at the end.
    private func fill() -> Bool {
        out.removeAll(keepingCapacity: true)
        taken = 0
        let got = input.withUnsafeMutableBytes {
            source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[held...]))
        }
        if got == 0 {
            let isCut = held > 0 || high != nil
            if isCut {
                cut = .truncated("the \(encoding.rawValue) text ends inside of a character")
                put(0xFFFD)
            }
            held = 0
            high = nil
            return isCut
        }
        let end = held + got
        var at = 0
        while at + encoding.width <= end {
            take(encoding.unit(input, at))
            at += encoding.width
        }
        held = end - at
        if held > 0 { input.replaceSubrange(0..<held, with: Array(input[at..<end])) }
        return true
    }

    private func take(_ unit: UInt32) {
        if let first = high {
            high = nil
            if (0xDC00..<0xE000).contains(unit) { return put(0x10000 + (first - 0xD800) << 10 + (unit - 0xDC00)) }
            put(0xFFFD)
        }
        if encoding.width == 2, (0xD800..<0xDC00).contains(unit) { high = unit } else { put(unit) }
    }

    private func put(_ scalar: UInt32) {
        if scalar < 0x80 { return out.append(UInt8(truncatingIfNeeded: scalar)) }
        for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? .init() { out.append(byte) }
    }
}
