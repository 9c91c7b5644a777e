/// Bytes in base64 (RFC 4648, section 4).
enum Base64Text {
    /// The text that base64 holds if it begins as a JSON object or array does; nil if it does not.
    static func decodeJSON(_ text: String) -> String? {
        // `{` and `[` before a quote, a space or the end of a line.
        guard ["ey", "ew", "W3", "Wy", "Ww"].contains(text.prefix(2)), text.utf8.count >= 8 else { return nil }
        return decode(text).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes; nil if the text is not base64.
    static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text.utf8 where byte != 0x3D {
            let value: UInt8
            switch byte {
            case 0x41...0x5A: value = byte - 0x41
            case 0x61...0x7A: value = byte - 0x61 + 26
            case 0x30...0x39: value = byte - 0x30 + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return out
    }
}
