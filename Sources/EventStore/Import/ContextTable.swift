import AzureLogs
import Crypto

/// Finds the context of a record from its texts as they stand there.
///
/// Two levels: texts as written lead to a number of their own, and only when such a tuple is new is it brought into
/// canonical form and classified. So the work of normalising is done once for each of a few hundred tuples.
struct ContextTable: Sendable {
    /// What is known of a tuple.
    struct Entry: BitwiseCopyable, Sendable {
        /// The row's id in table `context`; 0 for a category that is not used.
        var id: Int32
        /// The content's hash.
        var fingerprint: UInt64
        /// The category's place in `ignoredCategories`, -1 if the record is stored.
        var ignored: Int32
        /// Whether the record's text is not kept.
        var isPlainSuccess: Bool
    }

    /// Beyond this many contexts, messages are left out of new ones, and no more tuples are remembered.
    ///
    /// Messages are the only texts without bounds, and the record's raw text holds them.
    static let messageLimit = 50_000

    /// Bytes behind a key, so that words can be compared.
    private static let padding = 8

    private var slots = [UInt32](repeating: 0, count: 1 << 10)
    private var hashes: [UInt64] = []
    private var keys: [[UInt8]] = []
    private var entries: [Entry] = []
    /// The ids of contents by these; the contents themselves, of which there may be as many as hubs, are not held.
    private var canonical: [ContentKey: Int32] = [:]
    private(set) var count = 0
    /// The names of categories that were met and are not used.
    private(set) var ignoredCategories: [String] = []
    private var ignoredNumbers: [String: Int32] = [:]
    /// The most of them that are told apart; Azure has some dozens.
    static let mostIgnored = 10_000
    /// The name under which those beyond are counted.
    static let otherIgnored = "other categories"

    /// The entry for the reader's draft, and the context to store if it is new.
    ///
    /// The record must be one that was read the general way: by its shape, its texts are not at hand.
    mutating func find(_ reader: borrowing RecordReader) -> (entry: Entry, new: EventContext?) {
        let hash = reader.contextHash
        let range = reader.contextRange
        let text = reader.text
        var at = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
        while slots[at] != 0 {
            let index = Int(slots[at]) &- 1
            if hashes[index] == hash, keys[index].count == range.count &+ Self.padding {
                let key = keys[index]
                if Fingerprint.equal(key.span.bytes, 0, text.span.bytes, range.lowerBound, range.count) {
                    return (entries[index], nil)
                }
            }
            at = (at &+ 1) & (slots.count &- 1)
        }
        return add(reader, hash, at)
    }

    /// Adds a context that the database has, under its id.
    mutating func restore(_ context: EventContext, id: Int) {
        canonical[ContentKey(context)] = Int32(clamping: id)
        count = max(count, id)
    }

    private mutating func add(
        _ reader: borrowing RecordReader,
        _ hash: UInt64,
        _ slot: Int
    ) -> (entry: Entry, new: EventContext?) {
        let context = EventContext(verbatim: reader.contextTexts())
        let fingerprint = context.fingerprint
        let remember = entries.count < Self.messageLimit
        let (id, new) = context.isIgnored ? (0, nil) : number(of: context)
        let entry = Entry(
            id: id,
            fingerprint: fingerprint,
            ignored: context.isIgnored ? ignoredIndex(of: context.ignoredName) : -1,
            isPlainSuccess: context.isPlainSuccess
        )
        if remember { self.remember(reader, hash, slot, entry) }
        return (entry, new)
    }

    /// The id of a context that is stored, and the context as it is to be stored if it is new.
    mutating func number(of context: EventContext) -> (id: Int32, new: EventContext?) {
        if let known = canonical[ContentKey(context)] { return (known, nil) }
        var context = context
        if count >= Self.messageLimit {
            context.dropMessages()
            if let known = canonical[ContentKey(context)] { return (known, nil) }
        }
        count += 1
        let id = Int32(clamping: count)
        canonical[ContentKey(context)] = id
        return (id, context)
    }

    private mutating func ignoredIndex(of category: String) -> Int32 {
        if let known = ignoredNumbers[category] { return known }
        // Names without end are counted together behind the first ones.
        let name = ignoredCategories.count < Self.mostIgnored ? category : Self.otherIgnored
        let number = ignoredNumbers[name] ?? Int32(ignoredCategories.count)
        if Int(number) == ignoredCategories.count {
            ignoredCategories.append(name)
            ignoredNumbers[name] = number
        }
        return number
    }

    private mutating func remember(_ reader: borrowing RecordReader, _ hash: UInt64, _ slot: Int, _ entry: Entry) {
        keys.append(reader.text[reader.contextRange] + [UInt8](repeating: 0, count: Self.padding))
        hashes.append(hash)
        entries.append(entry)
        slots[slot] = UInt32(entries.count)
        if entries.count * 2 > slots.count { grow() }
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

/// A context's content in sixteen bytes: the beginning of the SHA-256 of its texts.
///
/// Two contents with the same key cannot be made on purpose, as they could with a hash that is only quick.
private struct ContentKey: Hashable, BitwiseCopyable {
    private var high: UInt64
    private var low: UInt64

    init(_ context: EventContext) {
        var hash = SHA256()
        for text in context.texts {
            var text = text
            text.withUTF8 { bytes in
                // The length sets the texts apart.
                withUnsafeBytes(of: bytes.count) { hash.update(bufferPointer: $0) }
                hash.update(bufferPointer: UnsafeRawBufferPointer(bytes))
            }
        }
        let words = hash.finalize().withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        (high, low) = words
    }
}
