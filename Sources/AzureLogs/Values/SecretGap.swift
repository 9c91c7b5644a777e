/// What stands between a telling name and its value: separators, quotes and brackets of many languages, spaces and line ends.
struct SecretGap {
    /// Where the name ends, its plural or number included.
    let begin: Int
    /// Where the value begins.
    private(set) var end: Int
    /// Whether the value follows at once.
    var isEmpty: Bool { end == begin }
    /// Whether there was a sign that a value follows.
    private(set) var hasSeparator = false
    /// The quote that the value stands in; nil for none.
    private(set) var quote: Int?
    /// The bracket that the value stands in; nil for none.
    private(set) var bracket: UInt8?

    /// The gap behind a name, whose number or plural (`key1`, `key_2`, `keys`) belongs to it.
    init(_ bytes: [UInt8], behind name: Int) {
        self.init(bytes, at: Self.suffix(bytes, name))
    }

    /// The gap that begins at a position.
    init(_ bytes: [UInt8], at start: Int) {
        end = start
        begin = start
        while end < bytes.count, step(bytes) {}
    }

    /// Takes the next sign; false at the value.
    private mutating func step(_ bytes: [UInt8]) -> Bool {
        let c = bytes[end]
        switch c {
        // A character beyond ASCII that was written by an escape may be a quote.
        case 0...0x20, 0x7F: break
        case 0x22, 0x27, 0x60:
            if hasSeparator || bracket != nil {
                quote = end
                end += 1
                return false
            }
        case 0x3A, 0x3D, 0x3E: hasSeparator = true
        case 0x7C where hasSeparator: break
        case 0x28, 0x5B, 0x7B: bracket = c
        case 0x26:
            guard let entity = Self.entities.first(where: { bytes[end...].starts(with: $0.utf8) }) else { return false }
            end += entity.utf8.count
            return true
        case 0xE2:
            // Quotes of print: U+2018 to U+201F.
            guard end + 2 < bytes.count, bytes[end + 1] == 0x80, (0x98...0x9F).contains(bytes[end + 2]) else {
                return false
            }
            end += 3
            return true
        default: return false
        }
        end += 1
        return true
    }

    private static let entities = ["&quot;", "&#34;", "&#39;", "&apos;"]

    /// `value`, as the member is called that goes with one that holds a name.
    static let valueLabel = Array("value".utf8)

    /// The gap before a value that has a label or a tag of its own behind the name: `key="SharedAccessKey" value="…"`,
    /// `"name":"primaryKey","value":"…"`, `<key>primaryKey</key><string>…`; nil for none.
    ///
    /// What this does not see: a value that stands before its name.
    static func labelled(_ bytes: [UInt8], _ start: Int) -> SecretGap? {
        var at = start
        if let tag = behindTag(bytes, at, isClosing: true) {
            at = tag
            while at < bytes.count, bytes[at] <= 0x20 { at += 1 }
            guard at > start, let opened = behindTag(bytes, at, isClosing: false) else { return nil }
            // From its `>` on, which is the separator.
            return SecretGap(bytes, at: opened - 1)
        }
        var hasComma = false
        while at < bytes.count {
            if bytes[at] == 0x2C, !hasComma {
                hasComma = true
            } else if bytes[at] > 0x20, ![0x22, 0x27, 0x60, 0x7F].contains(bytes[at]) {
                break
            }
            at += 1
        }
        let end = at + valueLabel.count
        guard at > start, end < bytes.count, zip(bytes[at..<end], valueLabel).allSatisfy({ $0 | 0x20 == $1 }) else {
            return nil
        }
        let gap = SecretGap(bytes, at: end)
        return gap.hasSeparator ? gap : nil
    }

    /// The position behind `</name>` or `<name>`; nil for anything else.
    private static func behindTag(_ bytes: [UInt8], _ start: Int, isClosing: Bool) -> Int? {
        guard start < bytes.count, bytes[start] == 0x3C else { return nil }
        var at = start + 1
        if isClosing {
            guard at < bytes.count, bytes[at] == 0x2F else { return nil }
            at += 1
        }
        let name = at
        while at < bytes.count, SecretNames.isLetter(bytes[at]) { at += 1 }
        return at > name && at < bytes.count && bytes[at] == 0x3E ? at + 1 : nil
    }

    /// Where the next element of a list begins.
    static func between(_ bytes: [UInt8], _ start: Int) -> Int {
        var at = start
        var hasComma = false
        while at < bytes.count,
            bytes[at] <= 0x20 || [0x22, 0x27, 0x60].contains(bytes[at]) || bytes[at] == 0x2C && !hasComma
        {
            hasComma = hasComma || bytes[at] == 0x2C
            at += 1
        }
        return hasComma ? at : bytes.count
    }

    /// The end of what may belong to a name: `s`, a number with or without a line before it.
    private static func suffix(_ bytes: [UInt8], _ start: Int) -> Int {
        var at = start
        if at < bytes.count, bytes[at] | 0x20 == 0x73 { at += 1 }
        var number = at
        if number < bytes.count, bytes[number] == 0x5F || bytes[number] == 0x2D { number += 1 }
        var digits = number
        while digits < bytes.count, digits < number + 3, (0x30...0x39).contains(bytes[digits]) { digits += 1 }
        if digits > number { at = digits }
        return at < bytes.count && (SecretNames.isLetter(bytes[at]) || (0x30...0x39).contains(bytes[at])) ? start : at
    }
}
