import AzureLogs

/// Gives every distinct text a number, from 1 on, which is its row's id in the database.
///
/// A text of up to 16 bytes stands in its slot, so that finding one costs a single cache miss.
struct Interner: Sendable {
    /// What is known of a text.
    struct Entry {
        var id: Int32
        var hash: UInt64
        var isNew: Bool
    }

    private struct Slot: BitwiseCopyable {
        var hash: UInt64 = 0
        /// The text itself, or of a longer one where it stands in the arena.
        var low: UInt64 = 0
        var high: UInt64 = 0
        var length: Int32 = 0
        /// 0 for a slot that is free.
        var id: Int32 = 0
    }

    private var slots = [Slot](repeating: Slot(), count: 1 << 12)
    /// Texts of more than 16 bytes, one behind the other, and eight bytes more so that words can be compared.
    private var arena = [UInt8](repeating: 0, count: 8)
    /// How many texts are known.
    private(set) var count = 0
    /// How many slots are taken: a text with a secret has one of its own, and the number of what is kept of it.
    private var taken = 0
    /// What is to be kept of the last new text, if it holds a secret.
    private(set) var redacted: String?

    /// The number of a text; a new one if it was never met.
    ///
    /// `text` has 16 readable bytes behind the slice.
    @inline(__always)
    mutating func intern(_ text: RawSpan, _ slice: Slice) -> Entry {
        let start = Int(slice.offset)
        let length = Int(slice.count)
        let hash = Self.hash(text, start, length)
        let mask = slots.count &- 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[at]
            if slot.id == 0 { break }
            if slot.hash == hash, slot.length == slice.count, equals(slot, text, start, length) {
                return Entry(id: slot.id, hash: hash, isNew: false)
            }
            at = (at &+ 1) & mask
        }
        return learn(text, slice, hash, at)
    }

    /// Adds a text, or what is to be kept of it: a name with a secret in it has the number of the name without.
    @inline(never)
    private mutating func learn(_ text: RawSpan, _ slice: Slice, _ hash: UInt64, _ at: Int) -> Entry {
        redacted = nil
        let start = Int(slice.offset)
        let length = Int(slice.count)
        guard SecretRedaction.mayHoldSecret(text, start..<start + length) else {
            return add(text, start, length, hash, at)
        }
        let written = text.extracting(start..<start + length).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let kept = SecretRedaction.redactName(written)
        if kept == written { return add(text, start, length, hash, at) }
        let known = restore(kept)
        redacted = kept
        // The table may have grown meanwhile.
        var free = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[free].id != 0 { free = (free + 1) & (slots.count - 1) }
        _ = add(text, start, length, hash, free, as: known.id)
        return Entry(id: known.id, hash: hash, isNew: known.isNew)
    }

    /// Adds a text that the database has, or is to have as it is; those that it has in the order of their ids.
    @discardableResult
    mutating func restore(_ text: String) -> Entry {
        var bytes = Array(text.utf8)
        let length = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 32))
        let span = bytes.span.bytes
        let hash = Self.hash(span, 0, length)
        let mask = slots.count &- 1
        var at = Int(truncatingIfNeeded: hash) & mask
        while slots[at].id != 0 {
            let slot = slots[at]
            if slot.hash == hash, Int(slot.length) == length, equals(slot, span, 0, length) {
                return Entry(id: slot.id, hash: hash, isNew: false)
            }
            at = (at &+ 1) & mask
        }
        return add(span, 0, length, hash, at)
    }

    @inline(__always)
    private static func hash(_ text: RawSpan, _ start: Int, _ length: Int) -> UInt64 {
        Fingerprint.hash(text, start, length, seed: 0x74_6578_74)
    }

    @inline(__always)
    private func equals(_ slot: Slot, _ text: RawSpan, _ start: Int, _ length: Int) -> Bool {
        if length > 16 { return Fingerprint.equal(arena.span.bytes, Int(slot.low), text, start, length) }
        let (low, high) = Fingerprint.words(text, start, length)
        return slot.low == low && slot.high == high
    }

    @inline(never)
    private mutating func add(
        _ text: RawSpan,
        _ start: Int,
        _ length: Int,
        _ hash: UInt64,
        _ at: Int,
        as known: Int32? = nil
    ) -> Entry {
        if known == nil { count += 1 }
        taken += 1
        var slot = Slot(hash: hash, length: Int32(length), id: known ?? Int32(truncatingIfNeeded: count))
        if length > 16 {
            // `append` grows by doubling, which replacing the padding in place would not.
            arena.removeLast(8)
            slot.low = UInt64(arena.count)
            for index in start..<start + length { arena.append(text.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
            arena.append(contentsOf: repeatElement(0, count: 8))
        } else {
            (slot.low, slot.high) = Fingerprint.words(text, start, length)
        }
        slots[at] = slot
        if taken * 2 > slots.count { grow() }
        return Entry(id: slot.id, hash: hash, isNew: true)
    }

    private mutating func grow() {
        var larger = [Slot](repeating: Slot(), count: slots.count * 2)
        let mask = larger.count - 1
        for slot in slots where slot.id != 0 {
            var at = Int(truncatingIfNeeded: slot.hash) & mask
            while larger[at].id != 0 { at = (at + 1) & mask }
            larger[at] = slot
        }
        slots = larger
    }
}
