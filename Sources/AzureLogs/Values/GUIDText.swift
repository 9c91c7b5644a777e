/// Correlation ids: GUIDs as 16 bytes, anything else as it is.
public enum GUIDText {
    /// Reads a GUID of 36 characters, in either case.
    static func correlation(_ text: RawSpan, _ slice: Slice) -> Correlation {
        if slice.isEmpty { return .none }
        guard slice.count == 36 else { return .text(slice) }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var digits = 0
        for index in 0..<36 {
            let c = Scan.byte(text, Int(slice.offset) &+ index)
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard c == 0x2D else { return .text(slice) }
                continue
            }
            let nibble: UInt8
            switch c {
            case 0x30...0x39: nibble = c &- 0x30
            case 0x61...0x66: nibble = c &- 0x57
            case 0x41...0x46: nibble = c &- 0x37
            default: return .text(slice)
            }
            if digits < 16 { high = high << 4 | UInt64(nibble) } else { low = low << 4 | UInt64(nibble) }
            digits += 1
        }
        return .guid(high, low)
    }

    /// The GUID's usual text, in lower case.
    public static func format(_ high: UInt64, _ low: UInt64) -> String {
        func hex(_ value: UInt64) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        let all = Array(hex(high) + hex(low))
        let parts = [all[0..<8], all[8..<12], all[12..<16], all[16..<20], all[20..<32]]
        return parts.map { String($0) }.joined(separator: "-")
    }
}
