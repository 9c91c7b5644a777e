/// Finds the secrets of a text: the places of their bytes as written, in order and apart from each other.
struct SecretFinder {
    private let text: UnescapedText
    private let bytes: [UInt8]
    private let findsRuns: Bool

    /// - Parameter findsRuns: whether long runs of base64 count without a name.
    init(_ text: UnescapedText, findsRuns: Bool) {
        self.text = text
        bytes = text.bytes
        self.findsRuns = findsRuns
    }

    /// The secrets.
    func ranges() -> [Range<Int>] {
        var found: [Range<Int>] = []
        var at = 0
        while at < bytes.count {
            guard let secret = pem(at) ?? address(at) ?? run(at) ?? value(at) else {
                at += 1
                continue
            }
            let range = text.starts[secret.lowerBound]..<text.starts[secret.upperBound]
            if !range.isEmpty { found.append(range) }
            at = max(secret.upperBound, at + 1)
        }
        return found
    }

    private func holds(_ word: StaticString, _ at: Int) -> Bool {
        guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[at + index] != word.utf8Start[index] { return false }
        return true
    }

    /// What stands between PEM's lines; to the end of the string where the last line is missing.
    private func pem(_ at: Int) -> Range<Int>? {
        guard bytes[at] == 0x2D, holds("-----BEGIN ", at) else { return nil }
        var start = at + 11
        while start < bytes.count, bytes[start] != 0x2D, !Self.endsString(bytes[start]) { start += 1 }
        while start < bytes.count, bytes[start] == 0x2D { start += 1 }
        var end = start
        while end < bytes.count, !holds("-----END ", end), !Self.endsString(bytes[end]) { end += 1 }
        return start..<end
    }

    private static func endsString(_ c: UInt8) -> Bool { c == 0x22 || c == 0x27 || c == 0x7D || c == 0x3C }

    /// The password of `scheme://user:password@host`, or what stands there instead of both.
    private func address(_ at: Int) -> Range<Int>? {
        guard bytes[at] == 0x2F, at > 0, bytes[at - 1] == 0x2F, at > 1, bytes[at - 2] == 0x3A else { return nil }
        let start = at + 1
        var end = start
        var sign: Int?
        var isStrict = true
        while end < bytes.count, !Self.endsAddress(bytes[end]) {
            if bytes[end] == 0x40, isStrict || sign == nil { sign = end }
            // A password with such a sign in it should have had it escaped; a path may have an `@` of its own.
            if [0x2F, 0x3F, 0x23].contains(bytes[end]) {
                if sign != nil || !mayBePassword(start..<end) { break }
                isStrict = false
            }
            end += 1
        }
        guard let sign else { return nil }
        if let colon = bytes[start..<sign].firstIndex(of: 0x3A) { return (colon + 1)..<sign }
        return KeyForm.isKey(bytes[start..<sign]) ? start..<sign : nil
    }

    /// Whether something other than a port stands behind the first colon.
    private func mayBePassword(_ authority: Range<Int>) -> Bool {
        guard let colon = bytes[authority].firstIndex(of: 0x3A) else { return false }
        return !bytes[(colon + 1)..<authority.upperBound].allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func endsAddress(_ c: UInt8) -> Bool {
        c <= 0x20 || c == 0x22 || c == 0x27 || c == 0x3C || c == 0x3E || c == 0x7D
    }

    /// A long run of base64; keys mix cases and digits, a resource id or a hexadecimal hash does not.
    private func run(_ at: Int) -> Range<Int>? {
        guard findsRuns, UnescapedText.isBase64(bytes[at]), bytes[at] != 0x3D else { return nil }
        // Behind `=` a run begins: what is before it is a name.
        if at > 0, UnescapedText.isBase64(bytes[at - 1]), bytes[at - 1] != 0x3D { return nil }
        var end = at
        while end < bytes.count, UnescapedText.isBase64(bytes[end]), bytes[end] != 0x3D { end += 1 }
        while end < bytes.count, bytes[end] == 0x3D { end += 1 }
        guard end - at >= 40 else { return nil }
        let run = bytes[at..<end]
        let upper = run.contains { (0x41...0x5A).contains($0) }
        let lower = run.contains { (0x67...0x7A).contains($0) }
        let digit = run.contains { (0x30...0x39).contains($0) }
        return upper && lower && digit && run.count { $0 == 0x2F } <= 4 ? at..<end : nil
    }

    /// The value behind a name that ends at a position.
    private func value(_ at: Int) -> Range<Int>? {
        guard at > 2, Self.isFiller(bytes[at]) || bytes[at] == 0x3A || bytes[at] == 0x3D else { return nil }
        guard let name = SecretNames.ending(at: at, text) else { return nil }
        var start = at
        while start < bytes.count, Self.isFiller(bytes[start]) { start += 1 }
        guard start < bytes.count else { return nil }
        guard bytes[start] == 0x3A || bytes[start] == 0x3D else {
            // `token eyJ…`: without a separator only what looks like a key.
            guard start > at else { return nil }
            return key(start)
        }
        start += 1
        var quote: Int?
        while start < bytes.count, Self.isFiller(bytes[start]) || bytes[start] == 0x3A || bytes[start] == 0x3D {
            if bytes[start] == 0x22 || bytes[start] == 0x27 {
                if quote != nil { return nil }
                quote = start
                start += 1
                break
            }
            start += 1
        }
        guard start < bytes.count else { return nil }
        if !name.isStrong { return key(start, quote: quote) }
        let end = quote.map { self.end(ofQuoted: start, $0) } ?? self.end(ofPlain: start)
        let value = bytes[start..<end]
        // An object or a list has names of its own; these words are no values.
        if quote == nil, let first = value.first, first == 0x7B || (first == 0x5B && !holds("[redacted]", start)) {
            return nil
        }
        if ["", "null", "true", "false"].contains(where: { value.elementsEqual($0.utf8) }) { return nil }
        return start..<end
    }

    private static func isFiller(_ c: UInt8) -> Bool { c == 0x20 || c == 0x22 || c == 0x27 || c == 0x0A }

    /// A text that looks like a key, with all that follows it without a space.
    private func key(_ start: Int, quote: Int? = nil) -> Range<Int>? {
        var end = start
        while end < bytes.count, KeyForm.isPart(bytes[end]) { end += 1 }
        guard KeyForm.isKey(bytes[start..<end]) else { return nil }
        return start..<(quote.map { self.end(ofQuoted: start, $0) } ?? max(end, self.end(ofPlain: start)))
    }

    /// Where a value in quotes ends: at a quote of the same kind that is as deep in escapes.
    private func end(ofQuoted start: Int, _ quote: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] != bytes[quote] || text.depths[at] > text.depths[quote] { at += 1 }
        return at
    }

    private func end(ofPlain start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] > 0x20,
            ![0x22, 0x26, 0x27, 0x29, 0x2C, 0x3B, 0x3C, 0x3E, 0x7D].contains(bytes[at])
        {
            at += 1
        }
        return at
    }
}
