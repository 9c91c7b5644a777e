/// A value's kind, told by its first byte.
enum JSONKind: UInt8, Sendable {
    case absent
    case string
    case number
    case object
    case array
    case literal
    case null
}

/// Where a value stands; the quotes of a string are not part of it.
struct JSONValueRef: BitwiseCopyable, Sendable {
    var start: Int32 = 0
    var count: Int32 = 0
    var kind = JSONKind.absent
    /// 0 for the record as it came, else the scratch that holds the text.
    var level: UInt8 = 0

    /// The offset behind the value.
    var end: Int { Int(start) + Int(count) }
}

/// Reads JSON values strictly as RFC 8259 says, without making anything of them.
///
/// Two liberties: a lone surrogate becomes U+FFFD (the text cannot be kept otherwise), and containers may be nested
/// 64 deep. Duplicate keys are for the caller: the last one counts.
enum JSONCursor {
    /// Containers in containers that are followed.
    static let maxDepth = 64

    /// Reads the value at `at` and moves behind it.
    @inline(__always)
    static func value(
        _ text: RawSpan,
        _ at: inout Int,
        _ level: UInt8,
        _ scratch: inout Scratch
    ) -> (JSONValueRef, JSONFault) {
        var ref = JSONValueRef()
        if Scan.byte(text, at) == 0x22 {
            at &+= 1
            let fault = string(text, &at, level, &ref, &scratch)
            return (ref, fault)
        }
        let start = at
        let (kind, fault) = other(text, &at, &scratch)
        ref.start = Int32(truncatingIfNeeded: start)
        ref.count = Int32(truncatingIfNeeded: at &- start)
        ref.kind = kind
        ref.level = level
        return (ref, fault)
    }

    /// Reads a string whose opening quote was passed.
    @inline(__always)
    static func string(
        _ text: RawSpan,
        _ at: inout Int,
        _ level: UInt8,
        _ ref: inout JSONValueRef,
        _ scratch: inout Scratch
    ) -> JSONFault {
        let start = at
        let end = Scan.stringEnd(text, at)
        let c = Scan.byte(text, end)
        ref.kind = .string
        if c == 0x22 {
            ref.start = Int32(truncatingIfNeeded: start)
            ref.count = Int32(truncatingIfNeeded: end &- start)
            ref.level = level
            at = end &+ 1
            return .none
        }
        at = end
        if c != 0x5C { return controlFault(text, end) }
        return scratch.unescape(text, from: start, at: &at, into: &ref)
    }

    /// A control byte ends a text that was cut; anywhere else it is an error.
    static func controlFault(_ text: RawSpan, _ at: Int) -> JSONFault {
        Scan.byte(text, at) == 0x0A || Scan.byte(text, at) == 0x0D ? .truncated : .notJSON
    }

    private static func other(_ text: RawSpan, _ at: inout Int, _ scratch: inout Scratch) -> (JSONKind, JSONFault) {
        switch Scan.byte(text, at) {
        case 0x2D, 0x30...0x39: return (.number, number(text, &at) ? .none : .notJSON)
        case 0x74: return (.literal, literal(text, &at, 0x6575_7274, 4))
        case 0x66: return (.literal, literal(text, &at, 0x65_736C_6166, 5))
        case 0x6E: return (.null, literal(text, &at, 0x6C6C_756E, 4))
        case 0x7B: return (.object, skip(text, &at, &scratch))
        case 0x5B: return (.array, skip(text, &at, &scratch))
        case 0x0A, 0x0D: return (.absent, .truncated)
        default: return (.absent, .notJSON)
        }
    }

    private static func literal(_ text: RawSpan, _ at: inout Int, _ word: UInt64, _ count: Int) -> JSONFault {
        let mask: UInt64 = (1 << UInt64(count * 8)) - 1
        guard Scan.word(text, at) & mask == word else { return .notJSON }
        at += count
        return .none
    }

    static func number(_ text: RawSpan, _ at: inout Int) -> Bool {
        func digits() -> Bool {
            let start = at
            while Scan.byte(text, at) &- 0x30 < 10 { at &+= 1 }
            return at > start
        }
        if Scan.byte(text, at) == 0x2D { at &+= 1 }
        if Scan.byte(text, at) == 0x30 {
            at &+= 1
        } else if !digits() {
            return false
        }
        if Scan.byte(text, at) == 0x2E {
            at &+= 1
            if !digits() { return false }
        }
        if Scan.byte(text, at) | 0x20 == 0x65 {
            at &+= 1
            if Scan.byte(text, at) == 0x2B || Scan.byte(text, at) == 0x2D { at &+= 1 }
            if !digits() { return false }
        }
        return true
    }

    /// Skips a container and checks it; iterative, so that no depth can overflow the stack.
    static func skip(_ text: RawSpan, _ at: inout Int, _ scratch: inout Scratch) -> JSONFault {
        // One bit a level: 1 for an object.
        var objects: UInt64 = 0
        var depth = 0
        let mark = scratch.used
        defer { scratch.used = mark }
        while true {
            Scan.skipSpace(text, &at)
            let c = Scan.byte(text, at)
            if c == 0x7B || c == 0x5B {
                if depth == maxDepth { return .tooDeep }
                objects = objects << 1 | (c == 0x7B ? 1 : 0)
                depth += 1
                at += 1
                Scan.skipSpace(text, &at)
                if Scan.byte(text, at) == c + 2 {
                    at += 1
                    objects >>= 1
                    depth -= 1
                } else {
                    if c == 0x7B {
                        let fault = key(text, &at, &scratch)
                        if fault != .none { return fault }
                    }
                    continue
                }
            } else if c == 0x22 {
                at += 1
                var ref = JSONValueRef()
                let fault = string(text, &at, 0, &ref, &scratch)
                if fault != .none { return fault }
            } else {
                let (_, fault) = other(text, &at, &scratch)
                if fault != .none { return fault }
            }
            scratch.used = mark
            while depth > 0 {
                Scan.skipSpace(text, &at)
                let d = Scan.byte(text, at)
                if d == 0x2C {
                    at += 1
                    if objects & 1 == 1 {
                        Scan.skipSpace(text, &at)
                        let fault = key(text, &at, &scratch)
                        if fault != .none { return fault }
                    }
                    break
                }
                guard d == (objects & 1 == 1 ? 0x7D : 0x5D) else {
                    return d < 0x20 ? .truncated : .notJSON
                }
                at += 1
                objects >>= 1
                depth -= 1
            }
            if depth == 0 { return .none }
        }
    }

    private static func key(_ text: RawSpan, _ at: inout Int, _ scratch: inout Scratch) -> JSONFault {
        guard Scan.byte(text, at) == 0x22 else { return Scan.byte(text, at) < 0x20 ? .truncated : .notJSON }
        at += 1
        var ref = JSONValueRef()
        let fault = string(text, &at, 0, &ref, &scratch)
        if fault != .none { return fault }
        Scan.skipSpace(text, &at)
        guard Scan.byte(text, at) == 0x3A else { return Scan.byte(text, at) < 0x20 ? .truncated : .notJSON }
        at += 1
        return .none
    }
}
