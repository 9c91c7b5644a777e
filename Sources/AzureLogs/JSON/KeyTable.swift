/// The keys met so far with their meanings, and which key followed which.
///
/// Logs repeat their keys in the same order, so the next key is guessed and only compared. A key that is new is looked
/// up once by its spelling. The table is bounded: a hostile file of ever new keys only loses the short cut.
struct KeyTable: Sendable {
    /// A key and what it means.
    struct Entry: Sendable {
        var meaning = KeyMeaning()
        /// Hash of the key in lower case, for the fingerprint of members that are not known.
        var nameHash: UInt64 = 0
        fileprivate var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        fileprivate var count = -1
        fileprivate var next = 0
    }

    private static let size = 512
    private let spellings: Spellings
    private var entries = [Entry](repeating: Entry(), count: size + 1)
    private var used = 0

    init(_ spellings: Spellings) { self.spellings = spellings }

    /// Where the search for a record's first key begins.
    static var first: Int { size }

    /// The entry at an index that `find` or `predicted` gave.
    @inline(__always)
    func entry(_ index: Int) -> Entry { entries[index] }

    /// The entry of the guessed key, if its quoted text and a colon stand at `at`.
    @inline(__always)
    func predicted(after previous: Int, _ text: RawSpan, _ at: Int) -> (index: Int, length: Int)? {
        let index = entries[previous].next
        let count = entries[index].count
        guard count >= 0, Scan.byte(text, at) == 0x22, matches(index, text, at &+ 1, count) else { return nil }
        guard Scan.byte(text, at &+ count &+ 1) == 0x22, Scan.byte(text, at &+ count &+ 2) == 0x3A else { return nil }
        return (index, count &+ 3)
    }

    /// Remembers that one key followed another.
    @inline(__always)
    mutating func learn(_ index: Int, after previous: Int) { entries[previous].next = index }

    /// The entry of a key of which the unescaped text is given; nil if the table is full or the key is long.
    mutating func find(_ text: RawSpan, _ start: Int, _ count: Int) -> Int? {
        guard count <= 24 else { return nil }
        let words = Self.words(text, start, count)
        var at = Self.place(words, count)
        while entries[at].count >= 0 {
            if entries[at].count == count, matches(at, words) { return at }
            at = (at &+ 1) & (Self.size &- 1)
        }
        guard used < Self.size * 3 / 4 else { return nil }
        used += 1
        var entry = resolve(text, start, count)
        entry.words = words
        entry.count = count
        entry.next = Self.size
        entries[at] = entry
        return at
    }

    /// The meaning of a key by its spelling.
    func resolve(_ text: RawSpan, _ start: Int, _ count: Int) -> Entry {
        let bytes = (0..<count).map { Scan.byte(text, start + $0) }
        let key = String(decoding: bytes, as: UTF8.self)
        return Entry(
            meaning: spellings.meaning(of: key),
            nameHash: Fingerprint.hash(key.lowercased(), seed: 0x6E61_6D65)
        )
    }

    @inline(__always)
    private func matches(_ index: Int, _ text: RawSpan, _ start: Int, _ count: Int) -> Bool {
        matches(index, Self.words(text, start, count))
    }

    @inline(__always)
    private func matches(_ index: Int, _ words: (UInt64, UInt64, UInt64)) -> Bool {
        let known = entries[index].words
        return words.0 == known.0 && words.1 == known.1 && words.2 == known.2
    }

    /// Where the search for a key begins: nine bits of a product.
    @inline(__always)
    private static func place(_ words: (UInt64, UInt64, UInt64), _ count: Int) -> Int {
        let mixed = words.0 ^ (words.1 &* 0xE703_7ED1_A0B4_28DB) ^ (words.2 &* 0x8EBC_6AF0_9C88_C6E3)
        let product = (mixed ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: product &>> 55) & (size &- 1)
    }

    @inline(__always)
    private static func words(_ text: RawSpan, _ start: Int, _ count: Int) -> (UInt64, UInt64, UInt64) {
        if count <= 16 {
            let (a, b) = Fingerprint.words(text, start, count)
            return (a, b, 0)
        }
        let (b, c) = Fingerprint.words(text, start &+ 8, count &- 8)
        return (Scan.word(text, start), b, c)
    }
}
