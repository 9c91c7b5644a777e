import Basics

/// Percent encoding as the parties of a SAS token use it.
enum PercentEncoding {
    /// Decodes `%XX` and `+` as the .NET URL decoder does: what is not an escape stays as it is.
    static func decodeForm(_ text: some StringProtocol) -> String { decode(text, plusIsSpace: true) }

    /// Decodes `%XX` and leaves `+` alone.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "%"), place + 2 < bytes.count, let high = Hex.value(bytes[place + 1]),
                let low = Hex.value(bytes[place + 2])
            {
                result.append(high << 4 | low)
                place += 3
            } else {
                result.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
                place += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Encodes everything but letters, digits, `-`, `_`, `.` and what else is named (RFC 3986, section 2.3).
    static func encode(_ text: some StringProtocol, upperCase: Bool = true, keeping kept: String = "~") -> String {
        let digits = Array((upperCase ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        let plain = Set(kept.utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                result.append(byte)
            default:
                if plain.contains(byte) {
                    result.append(byte)
                } else {
                    result.append(contentsOf: [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                }
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
