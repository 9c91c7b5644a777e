/// Takes secrets out of texts that are kept or shown; every text that a log gives goes through here before it is stored.
///
/// A secret is: the value behind a telling name (`primaryKey`, `SharedAccessKey`, `password`, `sig=` …; behind a vaguer one
/// such as `token` or `…key` only what looks like a key of 16 bytes and more, in base64, hexadecimal or url-safe form), the
/// password in an address, what stands between PEM's lines, tokens that are known by their own form (JSON Web Tokens, those of
/// code hosts and package registries, `Basic`), and any run of 40 characters and more of base64. Names and
/// values are seen through escapes of JSON and of addresses, however often these were applied.
///
/// What this does not do: find a secret that is shorter than 40 characters and has no telling name, or one whose name is
/// itself written with escapes.
public enum SecretRedaction {
    /// What stands in a secret's place.
    public static let mark = "[redacted]"

    /// The text with the mark in the place of every secret; doing it twice changes nothing more.
    public static func redact(_ text: String) -> String {
        mayHoldSecret(text) ? thoroughly(text, isName: false) : text
    }

    /// A name that a device gave itself, with marks that tell two of them apart.
    ///
    /// Two names that differ in their secrets only are not the same device. What is a long run of base64 and nothing else
    /// is left as it is: such names exist, and DPS and hubs write them in different cases.
    public static func redactName(_ text: String) -> String {
        if !mayHoldSecret(text) { return text }
        let redacted = thoroughly(text, isName: true)
        if redacted == text { return text }
        let hash = String(Fingerprint.hash(text.lowercased(), seed: 0x6E61_6D65) & 0xFF_FFFF, radix: 16)
        return redacted + "~" + hash
    }

    /// Without a quick look before.
    static func thoroughly(_ text: String, isName: Bool) -> String {
        let bytes = Array(text.utf8)
        let ranges = SecretFinder(UnescapedText(bytes), findsRuns: !isName).ranges()
        if ranges.isEmpty { return text }
        var out: [UInt8] = []
        var at = 0
        for range in ranges {
            out.append(contentsOf: bytes[at..<range.lowerBound])
            out.append(contentsOf: mark.utf8)
            at = range.upperBound
        }
        out.append(contentsOf: bytes[at...])
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether `redact` might change a text; a false alarm costs time only.
    ///
    /// - Parameter text: of any length.
    public static func mayHoldSecret(_ text: String) -> Bool {
        // Nothing shorter is name, separator and value.
        if text.utf8.count < 5 { return false }
        let bytes = Array(text.utf8) + [UInt8](repeating: 0, count: 8)
        return mayHoldSecret(bytes.span.bytes, 0..<bytes.count - 8)
    }

    /// The same for a part of a text, in one pass that looks for a rare letter of every name, and for runs of base64.
    ///
    /// - Parameters:
    ///   - text: bytes with 8 readable ones behind the range.
    ///   - range: the text.
    public static func mayHoldSecret(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        let classes = byteClasses.span
        for at in range where classes[Int(Scan.byte(text, at))] & 0x10 != 0 {
            if SecretNames.mayStand(text, range, at) { return true }
        }
        return hasLongRun(text, range)
    }

    /// Whether there is a run of base64 that may be a key.
    ///
    /// Every run of 40 characters and more has one at each fortieth place of the text, so only what stands around these is
    /// looked at.
    private static func hasLongRun(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        let classes = byteClasses.span
        func isPart(_ at: Int) -> Bool { classes[Int(Scan.byte(text, at))] & 0x21 != 0 }
        var at = range.lowerBound + shortestRun - 1
        while at < range.upperBound {
            guard isPart(at) else {
                at += shortestRun
                continue
            }
            var (start, end) = (at, at + 1)
            while start > range.lowerBound, isPart(start - 1) { start -= 1 }
            while end < range.upperBound, isPart(end) { end += 1 }
            if end - start >= shortestRun, isLongRun(text, start..<end) { return true }
            at = end + shortestRun
        }
        return false
    }

    /// Characters of base64 in a row that may be a key.
    private static let shortestRun = 40

    private static func isLongRun(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        let classes = byteClasses.span
        var run = 0
        var kinds: UInt8 = 0
        var at = range.lowerBound
        while at < range.upperBound {
            let c = classes[Int(Scan.byte(text, at))]
            if c & 1 != 0 {
                run &+= 1
                kinds |= c & 0x0E
            } else if run > 0 {
                // `\/` and `\u002B` within a run are `/` and `+` of it.
                run &+= 1
                kinds = 0x0E
                at = UnescapedText.behindEscape(text, at, range.upperBound)
                continue
            }
            at &+= 1
        }
        return run >= shortestRun && kinds == 0x0E
    }

    /// 1: base64; 2, 4, 8: upper case, lower case behind f, digit; 16: a letter by which `SecretNames` knows a name, or a
    /// sign of an address or of PEM; 32: may begin an escape.
    private static let byteClasses: [UInt8] = (0...255).map { value in
        let c = UInt8(value)
        var bits: UInt8 = UnescapedText.isBase64(c) ? 1 : 0
        if (0x41...0x5A).contains(c) { bits |= 2 }
        if (0x67...0x7A).contains(c) { bits |= 4 }
        if (0x30...0x39).contains(c) { bits |= 8 }
        if SecretNames.landmarks.contains(c | 0x20) && c >= 0x40 || c == 0x2D { bits |= 16 }
        // `\`, `%`: escapes, and `@` by one
        return c == 0x5C || c == 0x25 ? bits | 48 : bits
    }
}
