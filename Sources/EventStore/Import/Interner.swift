import AzureLogs

/// Gives every distinct text a number, from 1 on, which is its row's id in the database.
struct Interner: Sendable {
    /// What is known of a text.
    struct Entry {
        var id: Int
        var hash: UInt64
        var isNew: Bool
    }

    private var slots = [UInt32](repeating: 0, count: 1 << 12)
    private var hashes: [UInt64] = []
    private var starts: [Int] = [0]
    /// All texts, one behind the other, and eight bytes more so that words can be compared.
    private var arena = [UInt8](repeating: 0, count: 8)

    /// How many texts are known.
    var count: Int { hashes.count }

    /// The number of a text; a new one if it was never met.
    @inline(__always)
    mutating func intern(_ text: [UInt8], _ slice: Slice) -> Entry {
        let start = Int(slice.offset)
        let length = Int(slice.count)
        let hash = Fingerprint.hash(text.span.bytes, start, length, seed: 0x74_6578_74)
        var at = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while slots[at] != 0 {
            let id = Int(slots[at])
            if hashes[id &- 1] == hash, equals(id, text, start, length) {
                return Entry(id: id, hash: hash, isNew: false)
            }
            at = (at &+ 1) & (slots.count &- 1)
        }
        return Entry(id: add(text[start..<start + length], hash, at), hash: hash, isNew: true)
    }

    /// Adds a text that the database has, in the order of its ids.
    mutating func restore(_ text: String) {
        var bytes = Array(text.utf8)
        let slice = Slice(offset: 0, count: Int32(bytes.count))
        bytes.append(contentsOf: repeatElement(0, count: 32))
        _ = intern(bytes, slice)
    }

    @inline(__always)
    private func equals(_ id: Int, _ text: [UInt8], _ start: Int, _ length: Int) -> Bool {
        let from = starts[id &- 1]
        return starts[id] &- from == length
            && Fingerprint.equal(arena.span.bytes, from, text.span.bytes, start, length)
    }

    private mutating func add(_ text: ArraySlice<UInt8>, _ hash: UInt64, _ slot: Int) -> Int {
        // `append` grows by doubling, which replacing the padding in place would not.
        arena.removeLast(8)
        arena.append(contentsOf: text)
        starts.append(arena.count)
        arena.append(contentsOf: repeatElement(0, count: 8))
        hashes.append(hash)
        slots[slot] = UInt32(hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return hashes.count
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (index, hash) in hashes.enumerated() {
            var at = Int(truncatingIfNeeded: hash) & (slots.count - 1)
            while slots[at] != 0 { at = (at + 1) & (slots.count - 1) }
            slots[at] = UInt32(index + 1)
        }
    }
}
