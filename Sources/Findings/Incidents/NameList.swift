import AzureLogs

/// Very many names by their numbers, one behind the other in one piece of memory.
struct NameList: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// How many there are.
    var count: Int { ends.count }

    /// Adds a name.
    mutating func append(_ name: String) {
        bytes.append(contentsOf: name.utf8)
        ends.append(bytes.count)
    }

    /// The name of a number.
    subscript(_ number: Int) -> String { String(decoding: bytes[range(number)], as: UTF8.self) }

    /// Whether a number's name is this one, byte for byte.
    func equals(_ number: Int, _ name: String) -> Bool {
        let range = range(number)
        return range.count == name.utf8.count && bytes[range].elementsEqual(name.utf8)
    }

    private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

    /// A name as the hash of its stem and the number behind it, as `IdSeries.split` parts it; nil if there is none of either.
    func split(_ number: Int) -> (stem: UInt64, number: Int, width: Int)? {
        let range = range(number)
        var start = range.upperBound
        while start > range.lowerBound, (0x30...0x39).contains(bytes[start - 1]) { start -= 1 }
        let width = range.upperBound - start
        guard start > range.lowerBound, width > 0, width <= 15 else { return nil }
        let value = bytes[start..<range.upperBound].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (Self.hash(bytes[range.lowerBound..<start]), value, width)
    }

    /// A hash of a name.
    static func hash(_ name: String) -> UInt64 { hash(name.utf8) }

    private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0x6E61_6D65) { Fingerprint.mix($0 ^ UInt64($1), 0x9E37_79B9_7F4A_7C15) }
    }
}

/// Very many texts by their numbers, each once.
struct NamePool: Sendable {
    private var names = NameList()
    private var index = NameIndex()

    /// How many there are.
    var count: Int { names.count }

    /// The number of a text, which is added if it is new.
    mutating func number(_ name: String) -> Int32 {
        let hash = NameList.hash(name)
        if let known = index.find(hash, { names.equals($0, name) }) { return Int32(truncatingIfNeeded: known) }
        let number = names.count
        names.append(name)
        let known = names
        index.set(number, of: hash) { known.equals($0, name) }
        return Int32(truncatingIfNeeded: number)
    }

    /// The number of a text; nil if it is not there.
    func find(_ name: String) -> Int? { index.find(NameList.hash(name)) { names.equals($0, name) } }

    /// The text of a number.
    subscript(_ number: Int32) -> String { names[Int(number)] }
}

/// Finds numbers by the hashes of their names; the names themselves are compared by whoever asks.
struct NameIndex: Sendable {
    /// The upper half of a hash, and a number; -1 for a place that is free.
    private var slots: [(mark: UInt32, number: Int32)] = Array(repeating: (0, -1), count: 16)
    private var count = 0

    /// The number whose name is the one that is meant; nil for none.
    func find(_ hash: UInt64, _ isMeant: (Int) -> Bool) -> Int? {
        let place = place(hash, isMeant)
        return slots[place].number < 0 ? nil : Int(slots[place].number)
    }

    /// Puts a number in the place of the one whose name is meant, or adds it.
    mutating func set(_ number: Int, of hash: UInt64, _ isMeant: (Int) -> Bool) {
        let place = place(hash, isMeant)
        let isNew = slots[place].number < 0
        slots[place] = (Self.mark(hash), Int32(truncatingIfNeeded: number))
        if !isNew { return }
        count += 1
        if count * 3 > slots.count * 2 { grow() }
    }

    private static func mark(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    private func place(_ hash: UInt64, _ isMeant: (Int) -> Bool) -> Int {
        let mark = Self.mark(hash)
        var at = Int(mark) & (slots.count - 1)
        while slots[at].number >= 0 {
            if slots[at].mark == mark, isMeant(Int(slots[at].number)) { return at }
            at = (at + 1) & (slots.count - 1)
        }
        return at
    }

    private mutating func grow() {
        let before = slots
        slots = Array(repeating: (0, -1), count: before.count * 2)
        for slot in before where slot.number >= 0 {
            var at = Int(slot.mark) & (slots.count - 1)
            while slots[at].number >= 0 { at = (at + 1) & (slots.count - 1) }
            slots[at] = slot
        }
    }
}
