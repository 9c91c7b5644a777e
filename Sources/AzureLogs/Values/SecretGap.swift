/// What stands between a telling name and its value: separators, quotes and brackets of many languages, spaces and line ends.
struct SecretGap {
    private let begin: Int
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

/// Secrets that are known by their own form, without a name.
enum SecretTokens {
    private static let prefixes = ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "npm_", "glpat-"]

    /// The secret that begins at a position; nil for none.
    static func range(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        switch bytes[at] {
        case 0x65: jsonWebToken(bytes, at)
        case 0x67, 0x6E: prefixed(bytes, at)
        case 0x42, 0x62: basic(bytes, at)
        default: nil
        }
    }

    private static func isPart(_ c: UInt8) -> Bool { KeyForm.isPart(c) && c != 0x2B && c != 0x2F }

    private static func begins(_ bytes: [UInt8], _ at: Int) -> Bool {
        at == 0 || !KeyForm.isPart(bytes[at - 1]) || bytes[at - 1] == 0x3D || bytes[at - 1] == 0x2F
    }

    /// A JSON Web Token (RFC 7519): parts of base64url with dots between, the first of which begins as `{"` does.
    private static func jsonWebToken(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        guard bytes[at...].starts(with: [0x65, 0x79, 0x4A]), begins(bytes, at) else { return nil }
        var end = at
        var parts = 0
        while end < bytes.count {
            let start = end
            while end < bytes.count, isPart(bytes[end]) { end += 1 }
            // The second part of an encrypted one may be empty.
            if end - start >= 10 || parts > 0 { parts += 1 }
            guard end < bytes.count, bytes[end] == 0x2E, parts > 0 else { break }
            end += 1
        }
        return parts >= 2 && end - at >= 30 ? at..<end : nil
    }

    /// Tokens of code hosts and package registries, which have these beginnings so that they can be found.
    private static func prefixed(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        guard begins(bytes, at), let prefix = prefixes.first(where: { bytes[at...].starts(with: $0.utf8) }) else {
            return nil
        }
        var end = at + prefix.utf8.count
        while end < bytes.count, isPart(bytes[end]) { end += 1 }
        return end - at - prefix.utf8.count >= 20 ? at..<end : nil
    }

    /// `Basic dXNlcjpwYXNz` (RFC 7617): base64 of a user and a password with a colon between.
    private static func basic(_ bytes: [UInt8], _ at: Int) -> Range<Int>? {
        let word = Array("basic ".utf8)
        guard at + word.count < bytes.count, at == 0 || !SecretNames.isLetter(bytes[at - 1]),
            zip(bytes[at...], word).allSatisfy({ $0 | 0x20 == $1 })
        else { return nil }
        let start = at + word.count
        var end = start
        while end < bytes.count, UnescapedText.isBase64(bytes[end]) { end += 1 }
        guard end - start >= 8, let text = decoded(bytes[start..<end]), text.contains(0x3A),
            text.allSatisfy({ $0 >= 0x20 })
        else { return nil }
        return start..<end
    }

    private static func decoded(_ base64: ArraySlice<UInt8>) -> [UInt8]? {
        var (bits, count): (UInt32, UInt32) = (0, 0)
        var out: [UInt8] = []
        for c in base64 {
            let value: UInt8
            switch c {
            case 0x41...0x5A: value = c - 0x41
            case 0x61...0x7A: value = c - 0x61 + 26
            case 0x30...0x39: value = c - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            case 0x3D: return out
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return out
    }
}
