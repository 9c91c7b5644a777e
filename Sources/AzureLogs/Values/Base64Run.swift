/// A run of base64 within a text, and what it says once decoded.
enum Base64Run {
    /// The bytes of base64 or its url-safe form, to the first `=`; nil where another character stands in it.
    static func decoded(_ base64: ArraySlice<UInt8>) -> [UInt8]? {
        var (bits, count): (UInt32, UInt32) = (0, 0)
        var out: [UInt8] = []
        for c in base64 {
            let value: UInt8
            switch c {
            case 0x41...0x5A: value = c - 0x41
            case 0x61...0x7A: value = c - 0x61 + 26
            case 0x30...0x39: value = c - 0x30 + 52
            case 0x2B, 0x2D: value = 62
            case 0x2F, 0x5F: value = 63
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

    /// Whether a run says a text in which a telling name has a secret behind it: a whole connection string, say.
    ///
    /// Up to three characters that stand before it without a gap do not hide it, and neither does UTF-16.
    ///
    /// - Parameter depth: how often what is looked at was decoded before; a text that was encoded three times is not found.
    static func tellsSecret(_ run: ArraySlice<UInt8>, depth: Int) -> Bool {
        guard depth < 2 else { return false }
        for shift in 0..<4 {
            guard let bytes = decoded(run.dropFirst(shift)) else { return false }
            // In UTF-16 every other byte is 0.
            let text = bytes.contains(0) ? bytes.filter { $0 != 0 } : bytes
            let isText = text.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
            guard isText, text.count > KeyForm.shortest else { continue }
            if !SecretFinder(UnescapedText(text), findsRuns: false, depth: depth + 1).ranges().isEmpty { return true }
        }
        return false
    }
}
