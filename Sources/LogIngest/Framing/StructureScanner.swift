/// Follows brackets and strings of JSON text byte by byte, without judging what stands between them.
struct StructureScanner {
    /// What a byte meant.
    enum Event {
        case none
        /// The outermost container closed with this byte.
        case closed
        /// A raw line feed inside a string, which JSON does not allow: the text is damaged.
        case brokenString
        /// A bracket closes another kind of container than the one that is open: the text is damaged.
        case mismatched
    }

    private(set) var depth = 0
    private(set) var inString = false
    private var escaped = false
    /// One bit a level, 1 for an object; deeper than 64 levels the kinds are not followed.
    private var objects: UInt64 = 0

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
        case 0x7B, 0x5B:
            depth += 1
            objects = objects << 1 | (byte == 0x7B ? 1 : 0)
        case 0x7D, 0x5D:
            if depth > 0, depth <= 64, (objects & 1 == 1) != (byte == 0x7D) { return .mismatched }
            objects >>= 1
            depth -= 1
            if depth <= 0 { return .closed }
        default: break
        }
        return .none
    }
}
