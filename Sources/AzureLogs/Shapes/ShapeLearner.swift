/// Cuts the text of a record that was read into the pieces of its shape.
///
/// It walks the members of the record and of the document embedded in `properties`. It is lenient, since the record was
/// read and found valid before; it gives up on what it does not follow, and `RecordReader` learns only if the parts
/// found are exactly the values that the general way has read.
struct ShapeLearner {
    private let text: [UInt8]
    private let end: Int
    private var at = 0
    private var literal = 0
    private var pieces: [ShapePiece] = []
    /// One bit a part: found once.
    private var found: UInt32 = 0
    private var isAmbiguous = false

    /// The pieces of the record in the first `count` bytes of a text, which is 32 bytes longer; nil if it has no shape.
    static func pieces(_ text: [UInt8], count: Int) -> [ShapePiece]? {
        var learner = ShapeLearner(text: text, end: count)
        guard learner.object(.record, level: 0), learner.at == count, !learner.isAmbiguous else { return nil }
        learner.closeLiteral(at: count)
        return learner.pieces
    }

    private init(text: [UInt8], end: Int) {
        self.text = text
        self.end = end
    }

    private mutating func object(_ spellings: Spellings, level: Int) -> Bool {
        guard take(0x7B) else { return false }
        skipSpace()
        if take(0x7D) { return true }
        while true {
            guard let key = plainString(level) else { return false }
            skipSpace()
            guard take(0x3A) else { return false }
            skipSpace()
            guard value(spellings.meaning(of: String(decoding: text[key], as: UTF8.self)), level) else { return false }
            skipSpace()
            if take(0x7D) { return true }
            guard take(0x2C) else { return false }
            skipSpace()
        }
    }

    private mutating func value(_ meaning: KeyMeaning, _ level: Int) -> Bool {
        let start = at
        let isDocument = meaning.slot == .properties || meaning.slot == .additionalFields
        if text[at] == 0x7B {
            if isDocument { return object(.properties, level: level) }
            return skipContainer(level)
        }
        if text[at] == 0x5B { return skipContainer(level) }
        if let content = plainString(level) {
            add(meaning, content)
            return true
        }
        at = start
        if startsString(level) {
            if isDocument, level == 0, text[at + 1] == 0x7B {
                at += 1
                return object(.properties, level: 1) && take(0x22)
            }
            return skipString(level)
        }
        while at < end, ![0x2C, 0x7D, 0x20, 0x09, 0x0A, 0x0D].contains(text[at]) { at += 1 }
        if meaning.slot == .duration, (start..<at).allSatisfy({ text[$0] &- 0x30 < 10 }),
            at == start + 1 || text[start] != 0x30
        {
            add(.durationNumber, start..<at)
        }
        return at > start
    }

    private mutating func add(_ meaning: KeyMeaning, _ content: Range<Int>) {
        let part = meaning.slot.map { ShapePart($0) } ?? (meaning.isDropped ? .dropped : nil)
        guard let part, !content.isEmpty else { return }
        if content.count == 4, text[content].elementsEqual("None".utf8) { return }
        add(part, content)
    }

    private mutating func add(_ part: ShapePart, _ content: Range<Int>) {
        if part != .dropped {
            let bit: UInt32 = 1 << UInt32(part == .durationNumber ? ShapePart.duration.rawValue : part.rawValue)
            // Of two values for one slot the reader's rules choose; that is not for here.
            if found & bit != 0 { isAmbiguous = true }
            found |= bit
        }
        closeLiteral(at: content.lowerBound)
        pieces.append(ShapePiece(range: content, part: part))
        literal = content.upperBound
    }

    private mutating func closeLiteral(at place: Int) {
        if place > literal { pieces.append(ShapePiece(range: literal..<place, part: nil)) }
        literal = place
    }

    // MARK: Texts

    private func startsString(_ level: Int) -> Bool {
        level == 0 ? text[at] == 0x22 : text[at] == 0x5C && text[at + 1] == 0x22
    }

    /// The content of a string of ASCII without any escape; nil, and anywhere, for others.
    private mutating func plainString(_ level: Int) -> Range<Int>? {
        guard startsString(level) else { return nil }
        let start = at + level + 1
        let stop = Scan.plainEnd(text.span.bytes, start)
        at = stop
        guard stop < end, startsString(level) else { return nil }
        at = stop + level + 1
        return start..<stop
    }

    /// Skips a string with escapes.
    private mutating func skipString(_ level: Int) -> Bool {
        at += level + 1
        while at < end {
            if startsString(level) {
                at += level + 1
                return true
            }
            if text[at] != 0x5C {
                at += 1
            } else if level == 0 {
                at += 2
            } else {
                // An escape inside of the embedded text begins with an escaped backslash.
                guard text[at + 1] == 0x5C else { return false }
                at += 2
                at += text[at] == 0x5C ? 2 : 1
            }
        }
        return false
    }

    private mutating func skipContainer(_ level: Int) -> Bool {
        var depth = 0
        while at < end {
            let c = text[at]
            if startsString(level) {
                guard skipString(level) else { return false }
                continue
            }
            if c == 0x7B || c == 0x5B { depth += 1 }
            if c == 0x7D || c == 0x5D { depth -= 1 }
            at += 1
            if depth == 0 { return true }
        }
        return false
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < end, text[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() { while at < end, [0x20, 0x0A, 0x0D, 0x09].contains(text[at]) { at += 1 } }
}
