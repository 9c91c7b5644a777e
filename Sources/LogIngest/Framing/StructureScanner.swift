/// Follows brackets and strings of JSON text byte by byte, without judging what stands between them.
struct StructureScanner {
    /// What a byte meant.
    enum Event {
        case none
        /// The outermost container closed with this byte.
        case closed
        /// A raw line feed inside a string, which JSON does not allow: the text is damaged.
        case brokenString
    }

    private(set) var depth = 0
    private(set) var inString = false
    private var escaped = false

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> Event {
        if inString {
            if escaped {
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x22 {
                inString = false
            } else if byte == 0x0A {
                return .brokenString
            }
            return .none
        }
        switch byte {
        case 0x22: inString = true
        case 0x7B, 0x5B: depth += 1
        case 0x7D, 0x5D:
            depth -= 1
            if depth <= 0 { return .closed }
        default: break
        }
        return .none
    }
}
