/// Memory for strings that had to be unescaped; each is followed by 32 zero bytes, so it can be read like a record.
///
/// A text of level n (0 is the record itself) is unescaped into the scratch of level n + 1, so that one array is read
/// while another is written.
struct Scratch: Sendable {
    private(set) var bytes = [UInt8](repeating: 0, count: 1 << 13)
    /// The level of the texts kept here.
    let level: UInt8
    var used = 0

    init(level: UInt8) { self.level = level }

    /// Makes room for `count` bytes and the padding behind them.
    mutating func reserve(_ count: Int) {
        let need = used + count + 64
        if need > bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: max(need - bytes.count, bytes.count)))
        }
    }

    /// Unescapes a string that begins at `from` and whose first backslash is at `at`; moves behind the closing quote.
    mutating func unescape(
        _ text: RawSpan,
        from: Int,
        at: inout Int,
        into ref: inout JSONValueRef
    ) -> JSONFault {
        let begin = used
        var run = from
        while true {
            copyRuns(text, &run, &at)
            let c = Scan.byte(text, at)
            if c == 0x22 { break }
            guard c == 0x5C else {
                used = begin
                return JSONCursor.controlFault(text, at)
            }
            reserve(16)
            let fault = escape(text, &at)
            if fault != .none {
                used = begin
                return fault
            }
            run = at
            at = Scan.stringEnd(text, at)
        }
        at += 1
        ref.start = Int32(truncatingIfNeeded: begin)
        ref.count = Int32(truncatingIfNeeded: used - begin)
        ref.level = level
        pad()
        return .none
    }

    /// Copies what stands from `run` to `at`, and goes on behind escapes that stand for themselves.
    ///
    /// These are most of what an embedded document has. It ends at anything else that is not copied as it is.
    private mutating func copyRuns(_ text: RawSpan, _ run: inout Int, _ at: inout Int) {
        while true {
            // Room for many small pieces, so that the memory is asked for once.
            reserve(at - run + 1024)
            let limit = bytes.count - 64
            var to = used
            var isOver = false
            var span = bytes.mutableSpan
            var target = span.mutableBytes
            while to &+ (at &- run) <= limit {
                // Eight bytes at a time; there is room for what is written too much.
                let end = to &+ (at &- run)
                while to < end {
                    target.storeBytes(of: Scan.word(text, run), toByteOffset: to, as: UInt64.self)
                    run &+= 8
                    to &+= 8
                }
                (to, run) = (end, at)
                let next = Scan.byte(text, at &+ 1)
                guard Scan.byte(text, at) == 0x5C, next == 0x22 || next == 0x5C || next == 0x2F else {
                    isOver = true
                    break
                }
                run = at &+ 1
                at = Scan.stringEnd(text, at &+ 2)
            }
            used = to
            if isOver { return }
        }
    }

    /// Puts 32 zero bytes behind a text.
    private mutating func pad() {
        reserve(0)
        let start = used
        used += 32
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        for word in 0..<4 { target.storeBytes(of: 0, toByteOffset: start &+ word &* 8, as: UInt64.self) }
    }

    /// Takes one escape sequence (RFC 8259, section 7).
    private mutating func escape(_ text: RawSpan, _ at: inout Int) -> JSONFault {
        let c = Scan.byte(text, at + 1)
        at += 2
        switch c {
        case 0x22, 0x5C, 0x2F: put(c)
        case 0x62: put(0x08)
        case 0x66: put(0x0C)
        case 0x6E: put(0x0A)
        case 0x72: put(0x0D)
        case 0x74: put(0x09)
        case 0x75:
            guard var scalar = hex4(text, at) else { return Scan.byte(text, at) < 0x20 ? .truncated : .notJSON }
            at += 4
            if (0xD800..<0xDC00).contains(scalar) {
                if Scan.byte(text, at) == 0x5C, Scan.byte(text, at + 1) == 0x75 {
                    guard let low = hex4(text, at + 2) else { return .notJSON }
                    if (0xDC00..<0xE000).contains(low) {
                        scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
                        at += 6
                    } else {
                        scalar = 0xFFFD
                    }
                } else {
                    scalar = 0xFFFD
                }
            } else if (0xDC00..<0xE000).contains(scalar) || scalar == 0 {
                // A text with a zero in it ends there for whoever reads texts as C does.
                scalar = 0xFFFD
            }
            for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? .init() { put(byte) }
        case 0x00..<0x20: return .truncated
        default: return .notJSON
        }
        return .none
    }

    private mutating func put(_ byte: UInt8) {
        bytes[used] = byte
        used += 1
    }

    private func hex4(_ text: RawSpan, _ at: Int) -> UInt32? {
        var value: UInt32 = 0
        for k in 0..<4 {
            let c = Scan.byte(text, at + k)
            switch c {
            case 0x30...0x39: value = value << 4 | UInt32(c - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(c - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(c - 0x57)
            default: return nil
            }
        }
        return value
    }
}
