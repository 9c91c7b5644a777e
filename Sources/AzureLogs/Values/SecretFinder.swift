/// Finds the secrets of a text: the places of their bytes as written, in order and apart from each other.
struct SecretFinder {
    private let text: UnescapedText
    private let bytes: [UInt8]
    private let findsRuns: Bool
    private let depth: Int

    /// - Parameters:
    ///   - findsRuns: whether long runs of base64 count without a name.
    ///   - depth: how often base64 was decoded to come to this text.
    init(_ text: UnescapedText, findsRuns: Bool, depth: Int = 0) {
        self.text = text
        bytes = text.bytes
        self.findsRuns = findsRuns
        self.depth = depth
    }

    /// The secrets.
    func ranges() -> [Range<Int>] {
        var found: [Range<Int>] = []
        var at = 0
        var behind = 0
        while at < bytes.count {
            guard
                let secret = pem(at) ?? address(at) ?? token(at) ?? run(at, isBegin: at == behind)
                    ?? value(at)
            else {
                at += 1
                continue
            }
            let range = text.starts[secret.lowerBound]..<text.starts[secret.upperBound]
            if !range.isEmpty { found.append(range) }
            at = max(secret.upperBound, at + 1)
            behind = secret.upperBound
        }
        return found
    }

    private func holds(_ word: StaticString, _ at: Int) -> Bool {
        guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[at + index] != word.utf8Start[index] { return false }
        return true
    }

    /// A token that is known by its form; its first letter is written as it is.
    private func token(_ at: Int) -> Range<Int>? {
        text.depths[at] == 0 ? SecretTokens.range(bytes, at) : nil
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

    /// A long run of base64.
    ///
    /// Keys mix cases and digits, a resource id or a hexadecimal hash does not. In a name it counts only if it tells of a
    /// secret once decoded.
    private func run(_ at: Int, isBegin: Bool) -> Range<Int>? {
        guard UnescapedText.isBase64(bytes[at]), bytes[at] != 0x3D else { return nil }
        // Behind `=` a run begins: what is before it is a name.
        if at > 0, !isBegin, UnescapedText.isBase64(bytes[at - 1]), bytes[at - 1] != 0x3D { return nil }
        if bytes[at] == 0x2F, at + 1 < bytes.count, token(at + 1) != nil { return nil }
        var end = at
        while end < bytes.count, UnescapedText.isBase64(bytes[end]), bytes[end] != 0x3D { end += 1 }
        // A wide sign is no padding: the quick look does not count it.
        while end < bytes.count, bytes[end] == 0x3D, text.depths[end] != UnescapedText.wide { end += 1 }
        guard end - at >= 40 else { return nil }
        let run = bytes[at..<end]
        let upper = run.contains { (0x41...0x5A).contains($0) }
        let lower = run.contains { (0x67...0x7A).contains($0) }
        let digit = run.contains { (0x30...0x39).contains($0) }
        guard upper && lower && digit else { return nil }
        return findsRuns && run.count { $0 == 0x2F } <= 4 || Base64Run.tellsSecret(run, depth: depth) ? at..<end : nil
    }

    /// The value behind a name that ends at a position.
    private func value(_ at: Int) -> Range<Int>? {
        guard at > 2, let name = SecretNames.ending(at: at, text), !isClosingTag(at) else { return nil }
        let gap = SecretGap(bytes, behind: at)
        if !gap.hasSeparator, gap.bracket == nil, let inner = SecretGap.labelled(bytes, gap.begin) {
            return labelled(name, inner)
        }
        guard gap.end < bytes.count, !gap.isEmpty else { return nil }
        if let bracket = gap.bracket { return bracketed(name, gap, bracket) }
        guard gap.hasSeparator else {
            // `token eyJ…`: without a separator only what looks like a key, or what a sentence or command says of a password.
            return key(gap.end) ?? (name.isSpoken ? spoken(gap.end, isOption: isOption(at)) : nil)
        }
        if !name.isStrong { return key(gap.end, quote: gap.quote).map(folded) }
        let end = gap.quote.map { self.end(ofQuoted: gap.end, $0) } ?? self.end(ofPlain: gap.end)
        return Self.isNoValue(bytes[gap.end..<end]) ? nil : folded(gap.end..<end)
    }

    private static func isNoValue(_ word: ArraySlice<UInt8>) -> Bool {
        ["", "null", "true", "false"].contains { word.elementsEqual($0.utf8) }
    }

    /// The value that has a label or tag of its own; behind a strong name whatever stands in its quotes.
    private func labelled(_ name: SecretNames.Name, _ gap: SecretGap) -> Range<Int>? {
        guard gap.end < bytes.count, !gap.isEmpty else { return nil }
        if let key = key(gap.end, quote: gap.quote) { return folded(key) }
        guard name.isStrong, gap.bracket == nil, let quote = gap.quote else { return nil }
        let end = end(ofQuoted: gap.end, quote)
        return Self.isNoValue(bytes[gap.end..<end]) ? nil : gap.end..<end
    }

    /// What stands in a bracket behind a name: a list of keys, an object with one, or a value of a connection string.
    private func bracketed(_ name: SecretNames.Name, _ gap: SecretGap, _ bracket: UInt8) -> Range<Int>? {
        if let first = key(gap.end, quote: gap.quote) {
            guard bracket == 0x5B else { return first }
            // The keys behind it are of the same list.
            var end = first.upperBound
            while let next = key(SecretGap.between(bytes, end)) { end = next.upperBound }
            return first.lowerBound..<end
        }
        guard bracket == 0x7B else { return nil }
        if gap.quote == nil, name.isStrong, gap.hasSeparator {
            var end = gap.end
            while end < bytes.count, ![0x22, 0x27, 0x3A, 0x7B, 0x7D, 0x0A].contains(bytes[end]) { end += 1 }
            return end > gap.end && end < bytes.count && bytes[end] == 0x7D ? gap.end..<end : nil
        }
        // `{"primaryKey": {"value": "…"}}`
        var end = gap.end
        while end < bytes.count, SecretNames.isLetter(bytes[end]) { end += 1 }
        guard end > gap.end else { return nil }
        let inner = SecretGap(bytes, at: end)
        return inner.hasSeparator && inner.bracket == nil ? key(inner.end, quote: inner.quote) : nil
    }

    /// The value behind `--password`, or the word behind `password is` that nobody would write of one.
    private func spoken(_ start: Int, isOption: Bool) -> Range<Int>? {
        if isOption {
            let end = end(ofPlain: start)
            return end > start && bytes[start] != 0x2D && bytes[start] != 0x5B ? start..<end : nil
        }
        guard holds("is ", start) || holds("was ", start) else { return nil }
        let gap = SecretGap(bytes, at: start + (bytes[start] == 0x69 ? 2 : 3))
        let end = end(ofPlain: gap.end)
        let word = bytes[gap.end..<max(end, gap.end)]
        if gap.bracket == nil, let key = key(gap.end) { return key }
        guard gap.bracket == nil, word.count >= 6, word.contains(where: { (0x30...0x39).contains($0) }),
            word.contains(where: SecretNames.isLetter)
        else { return nil }
        return gap.end..<end
    }

    /// Whether the word that ends here is an option of a command: `--password`.
    private func isOption(_ end: Int) -> Bool {
        var start = end
        while start > 0, SecretNames.isLetter(bytes[start - 1]) || bytes[start - 1] == 0x2D { start -= 1 }
        return start < end && bytes[start] == 0x2D && (start == 0 || bytes[start - 1] <= 0x20)
    }

    private func isClosingTag(_ end: Int) -> Bool {
        guard end < bytes.count, bytes[end] == 0x3E else { return false }
        var start = end
        while start > 0, SecretNames.isLetter(bytes[start - 1]) { start -= 1 }
        return start > 1 && bytes[start - 1] == 0x2F && bytes[start - 2] == 0x3C
    }

    /// A key that goes on behind a line end, as texts of a fixed width have it.
    private func folded(_ range: Range<Int>) -> Range<Int> {
        guard range.count >= 12, bytes[range].allSatisfy(KeyForm.isPart) else { return range }
        var end = range.upperBound
        while end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D {
            var start = end
            while start < bytes.count, bytes[start] <= 0x20 { start += 1 }
            var next = start
            while next < bytes.count, KeyForm.isPart(bytes[next]) { next += 1 }
            let line = bytes[start..<next]
            let isKey =
                line.last == 0x3D
                || line.contains { (0x30...0x39).contains($0) }
                    && line.contains { (0x41...0x5A).contains($0) } && line.contains { (0x61...0x7A).contains($0) }
            // A name with its value is no part of the key.
            guard line.count >= 8, isKey, next == bytes.count || bytes[next] <= 0x20 || bytes[next] == 0x22 else {
                break
            }
            end = next
        }
        return range.lowerBound..<end
    }

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

    /// Whether U+2018 to U+201F stands here.
    private func isQuoteOfPrint(_ at: Int) -> Bool {
        bytes[at] == 0xE2 && at + 2 < bytes.count && bytes[at + 1] == 0x80 && (0x98...0x9F).contains(bytes[at + 2])
    }

    private func end(ofPlain start: Int) -> Int {
        var at = start
        while at < bytes.count, bytes[at] > 0x20,
            ![0x22, 0x26, 0x27, 0x29, 0x2C, 0x3B, 0x3C, 0x3E, 0x7D].contains(bytes[at]), !isQuoteOfPrint(at)
        {
            at += 1
        }
        return at
    }
}
