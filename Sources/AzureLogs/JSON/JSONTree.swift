/// A JSON document as a tree of values: for shapes that are rare, and as the plain twin of the fast reader in tests.
public indirect enum JSONTree: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number as it was written.
    case number(String)
    case string(String)
    case array([JSONTree])
    /// Members in their order; of equal keys the last one counts.
    case object([Member])

    /// A key and its value.
    public struct Member: Sendable, Hashable {
        /// The key, unescaped.
        public var key: String
        /// The value.
        public var value: JSONTree

        /// A member of an object.
        public init(key: String, value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    /// The value of a member by its exact key; nil for anything but an object that has it.
    public subscript(key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// The text of a string or number that is not empty; nil for anything else.
    public var text: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let text): text
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    /// Reads one JSON document, strictly as RFC 8259 but for lone surrogates, which become U+FFFD.
    ///
    /// - Returns: nil if the bytes are not exactly one document of at most 64 levels in valid UTF-8.
    public static func parse(_ bytes: some Sequence<UInt8>) -> JSONTree? {
        var parser = TreeParser(bytes: Array(bytes))
        return parser.document()
    }
}

extension JSONTree {
    /// The same with its keys in lower case, down to a depth: exports of PowerShell begin keys with capitals.
    func keysInLowerCase(depth: Int) -> JSONTree {
        guard depth > 0 else { return self }
        switch self {
        case .object(let members):
            return .object(
                members.map { Member(key: $0.key.lowercased(), value: $0.value.keysInLowerCase(depth: depth - 1)) }
            )
        case .array(let elements): return .array(elements.map { $0.keysInLowerCase(depth: depth - 1) })
        default: return self
        }
    }

    /// The document as JSON text.
    var json: [UInt8] {
        var out: [UInt8] = []
        write(to: &out)
        return out
    }

    private func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += Array("null".utf8)
        case .bool(let flag): out += Array((flag ? "true" : "false").utf8)
        case .number(let text): out += Array(text.utf8)
        case .string(let text): Self.write(text, to: &out)
        case .array(let elements):
            out.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(0x2C) }
                element.write(to: &out)
            }
            out.append(0x5D)
        case .object(let members):
            out.append(0x7B)
            for (index, member) in members.enumerated() {
                if index > 0 { out.append(0x2C) }
                Self.write(member.key, to: &out)
                out.append(0x3A)
                member.value.write(to: &out)
            }
            out.append(0x7D)
        }
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        let hex = Array("0123456789abcdef".utf8)
        out.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: out += [0x5C, byte]
            case 0x00..<0x20: out += [0x5C, 0x75, 0x30, 0x30, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }
}

/// A recursive reader, kept plain on purpose.
private struct TreeParser {
    let bytes: [UInt8]
    var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() -> JSONTree? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        space()
        guard let value = value(depth: 0) else { return nil }
        space()
        return at == bytes.count ? value : nil
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func space() {
        while let c = next, [0x20, 0x0A, 0x0D, 0x09].contains(c) { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func word(_ text: String, _ value: JSONTree) -> JSONTree? {
        guard bytes[at...].starts(with: text.utf8) else { return nil }
        at += text.utf8.count
        return value
    }

    private mutating func value(depth: Int) -> JSONTree? {
        switch next {
        case 0x6E: return word("null", .null)
        case 0x74: return word("true", .bool(true))
        case 0x66: return word("false", .bool(false))
        case 0x22:
            at += 1
            return string().map(JSONTree.string)
        case 0x7B: return depth < JSONCursor.maxDepth ? object(depth: depth + 1) : nil
        case 0x5B: return depth < JSONCursor.maxDepth ? array(depth: depth + 1) : nil
        default: return number()
        }
    }

    private mutating func array(depth: Int) -> JSONTree? {
        at += 1
        var elements: [JSONTree] = []
        space()
        if take(0x5D) { return .array([]) }
        while true {
            space()
            guard let element = value(depth: depth) else { return nil }
            elements.append(element)
            space()
            if take(0x5D) { return .array(elements) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func object(depth: Int) -> JSONTree? {
        at += 1
        var members: [JSONTree.Member] = []
        space()
        if take(0x7D) { return .object([]) }
        while true {
            space()
            guard take(0x22), let key = string() else { return nil }
            space()
            guard take(0x3A) else { return nil }
            space()
            guard let element = value(depth: depth) else { return nil }
            members.append(JSONTree.Member(key: key, value: element))
            space()
            if take(0x7D) { return .object(members) }
            guard take(0x2C) else { return nil }
        }
    }

    private mutating func number() -> JSONTree? {
        let start = at
        _ = take(0x2D)
        if !take(0x30) { guard digits() else { return nil } }
        if take(0x2E) { guard digits() else { return nil } }
        if take(0x65) || take(0x45) {
            if !take(0x2B) { _ = take(0x2D) }
            guard digits() else { return nil }
        }
        return .number(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func digits() -> Bool {
        let start = at
        while let c = next, c >= 0x30, c <= 0x39 { at += 1 }
        return at > start
    }

    private mutating func string() -> String? {
        var units: [UInt16] = []
        var text = ""
        var run: [UInt8] = []
        func flush(_ text: inout String, _ run: inout [UInt8], _ units: inout [UInt16]) {
            text += String(decoding: run, as: UTF8.self)
            text += String(decoding: units, as: UTF16.self)
            run = []
            units = []
        }
        while let c = next {
            at += 1
            if c == 0x22 {
                flush(&text, &run, &units)
                return text
            }
            if c < 0x20 { return nil }
            if c != 0x5C {
                if !units.isEmpty { flush(&text, &run, &units) }
                run.append(c)
                continue
            }
            guard let escape = next else { return nil }
            at += 1
            if escape == 0x75 {
                guard at + 4 <= bytes.count,
                    let unit = hex(bytes[at..<at + 4])
                else { return nil }
                at += 4
                if !run.isEmpty { flush(&text, &run, &units) }
                // As `Scratch` has it: a zero would end the text for some of its readers.
                units.append(unit == 0 ? 0xFFFD : unit)
                continue
            }
            let plain: [UInt8: UInt8] = [
                0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
            ]
            guard let byte = plain[escape] else { return nil }
            if !units.isEmpty { flush(&text, &run, &units) }
            run.append(byte)
        }
        return nil
    }

    private func hex(_ digits: ArraySlice<UInt8>) -> UInt16? {
        var value: UInt16 = 0
        for digit in digits {
            guard let nibble = Character(Unicode.Scalar(digit)).hexDigitValue, digit < 0x80 else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}
