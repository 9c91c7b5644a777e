/// Writes numbers in few bytes: seven bits a byte, lowest first, the sign in the lowest bit.
struct StateWriter {
    /// What was written and is not handed on yet.
    private(set) var bytes: [UInt8] = []
    /// Times are written as distances from this one; microseconds since 1970.
    private let base: Int64
    /// Where the parts go, in their order.
    private let keep: ([UInt8]) throws -> Void
    /// The state of a large fleet is some megabytes: in one piece each of its copies would be new memory, which costs more
    /// than what is done with it.
    static let partSize = 1 << 16

    init(base: Int64, keep: @escaping ([UInt8]) throws -> Void) {
        self.base = base
        self.keep = keep
        bytes.reserveCapacity(Self.partSize * 2)
    }

    /// A writer whose bytes are taken from it.
    init(packing base: Int64) {
        self.base = base
        keep = { _ in }
    }

    /// Forgets what was written.
    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// Ends an entry of a long list: a part may end here.
    private mutating func endEntry() throws {
        if bytes.count >= Self.partSize { try finish() }
    }

    /// Hands on what is left.
    mutating func finish() throws {
        try keep(bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    /// Writes a list that may be long; read by `entries`.
    mutating func put<Element>(entries list: [Element], _ each: (inout StateWriter, Element) -> Void) throws {
        put(list.count)
        try endEntry()
        for element in list {
            each(&self, element)
            try endEntry()
        }
    }

    mutating func put(_ value: Int64) { put(bits: UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    mutating func put(_ value: Int) { put(Int64(value)) }

    mutating func put(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func put(_ word: InternedText) { put(Int64(word.id)) }

    mutating func put(_ text: String) {
        let utf8 = Array(text.utf8)
        put(utf8.count)
        bytes.append(contentsOf: utf8)
    }

    mutating func put(bits value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A time, or one of the two ends of all times, which stand for "never".
    mutating func put(time: Int64) {
        switch time {
        case .min: bytes.append(0)
        case .max: bytes.append(1)
        default:
            // Hubs log whole seconds: their distances take half the room.
            let isWhole = (base &- time) % 1_000_000 == 0
            let distance = isWhole ? (base &- time) / 1_000_000 : base &- time
            put(bits: (UInt64(bitPattern: (distance << 1) ^ (distance >> 63)) << 1 | (isWhole ? 0 : 1)) &+ 2)
        }
    }

    mutating func put(time: Int64?) {
        put(time != nil)
        if let time { put(time: time) }
    }

    mutating func put<Element>(_ list: [Element], _ each: (inout StateWriter, Element) -> Void) {
        put(list.count)
        for element in list { each(&self, element) }
    }
}

/// What cannot be read of a checkpoint: then everything is derived from the first event on.
struct StateFault: Error {}

/// Reads what `StateWriter` wrote.
struct StateReader {
    private var bytes: [UInt8] = []
    private var position = 0
    private let base: Int64
    private let next: () throws(StateFault) -> [UInt8]?
    /// The words of this run by the numbers that the writer's words had.
    var words: [InternedText] = []
    private var isOfThisRun = false

    /// A reader of the parts that `next` gives, nil behind the last one.
    init(base: Int64, next: @escaping () throws(StateFault) -> [UInt8]?) {
        self.base = base
        self.next = next
    }

    /// A reader of bytes that this run has written: its words are those of now.
    init(packed bytes: [UInt8], base: Int64) {
        self.bytes = bytes
        self.base = base
        next = { () throws(StateFault) in nil }
        isOfThisRun = true
    }

    /// Goes on to the next part where one ends, as before the first entry.
    mutating func beginEntry() throws(StateFault) {
        while position == bytes.count {
            guard let part = try next() else { throw StateFault() }
            (bytes, position) = (part, 0)
        }
    }

    /// Reads what `put(entries:)` wrote.
    mutating func entries(_ each: (inout StateReader) throws(StateFault) -> Void) throws(StateFault) {
        try beginEntry()
        let count = try index(below: .max)
        for _ in 0..<count {
            try beginEntry()
            try each(&self)
        }
    }

    /// Whether everything was read.
    mutating func isAtEnd() throws(StateFault) -> Bool {
        guard position == bytes.count else { return false }
        return try next() == nil
    }

    mutating func bits() throws(StateFault) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard position < bytes.count, shift < 64 else { throw StateFault() }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
    }

    mutating func int64() throws(StateFault) -> Int64 {
        let value = try bits()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func int() throws(StateFault) -> Int { Int(try int64()) }

    /// A number that `Compact32` can hold.
    mutating func small() throws(StateFault) -> Int {
        guard let value = Int32(exactly: try int64()) else { throw StateFault() }
        return Int(value)
    }

    mutating func bool() throws(StateFault) -> Bool { try bits() != 0 }

    mutating func time() throws(StateFault) -> Int64 {
        let value = try bits()
        if value == 0 { return .min }
        if value == 1 { return .max }
        let rest = (value &- 2) >> 1
        let distance = Int64(bitPattern: rest >> 1) ^ -Int64(bitPattern: rest & 1)
        return base &- (value & 1 == 0 ? distance &* 1_000_000 : distance)
    }

    mutating func optionalTime() throws(StateFault) -> Int64? { try bool() ? try time() : nil }

    mutating func word() throws(StateFault) -> InternedText {
        let id = try int()
        if isOfThisRun { return InternedText(id: Int32(truncatingIfNeeded: id)) }
        guard words.indices.contains(id) else { throw StateFault() }
        return words[id]
    }

    mutating func text() throws(StateFault) -> String {
        let count = try int()
        guard count >= 0, count <= bytes.count - position else { throw StateFault() }
        defer { position += count }
        return String(decoding: bytes[position..<position + count], as: UTF8.self)
    }

    mutating func list<Element>(_ each: (inout StateReader) throws(StateFault) -> Element) throws(StateFault)
        -> [Element]
    {
        let count = try int()
        guard count >= 0, count <= bytes.count - position else { throw StateFault() }
        var list: [Element] = []
        list.reserveCapacity(count)
        for _ in 0..<count { list.append(try each(&self)) }
        return list
    }

    /// An index that the writer kept below a limit.
    mutating func index(below limit: Int) throws(StateFault) -> Int {
        let value = try int()
        guard value >= 0, value < limit else { throw StateFault() }
        return value
    }
}
