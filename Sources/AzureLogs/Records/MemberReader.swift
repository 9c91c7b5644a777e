/// Reads the members of an object: the known ones into slots, the others into the fingerprint's sum.
enum MemberReader {
    /// Reads the members of the object at `at`; the known ones land in `fields`, the others in the sum.
    static func members(
        _ source: RawSpan,
        _ level: UInt8,
        _ at: inout Int,
        _ keys: inout KeyTable,
        _ fields: inout FieldRefs,
        _ scratch: inout Scratch,
        weak: Bool
    ) -> JSONFault {
        at &+= 1
        Scan.skipSpace(source, &at)
        if Scan.byte(source, at) == 0x7D {
            at &+= 1
            return .none
        }
        var previous = KeyTable.first
        while true {
            let entry: KeyTable.Entry
            if let (index, length) = keys.predicted(after: previous, source, at) {
                at &+= length
                entry = keys.entry(index)
                previous = index
            } else {
                let mark = scratch.used
                guard Scan.byte(source, at) == 0x22 else { return Scan.byte(source, at) < 0x20 ? .truncated : .notJSON }
                at &+= 1
                var key = JSONValueRef()
                let fault = JSONCursor.string(source, &at, level, &key, &scratch)
                if fault != .none { return fault }
                Scan.skipSpace(source, &at)
                guard Scan.byte(source, at) == 0x3A else { return Scan.byte(source, at) < 0x20 ? .truncated : .notJSON }
                at &+= 1
                let found = find(key, source, level, &keys, scratch)
                if let index = found.index {
                    keys.learn(index, after: previous)
                    previous = index
                }
                entry = found.entry
                scratch.used = mark
            }
            fields.keysHash = Fingerprint.mix(fields.keysHash ^ entry.nameHash, 0x9E37_79B9_7F4A_7C15)
            Scan.skipSpace(source, &at)
            let mark = scratch.used
            let (ref, fault) = JSONCursor.value(source, &at, level, &scratch)
            if fault != .none { return fault }
            if let slot = entry.meaning.slot {
                fields.fill(slot, ref, weak: weak || entry.meaning.isWeak)
            } else {
                if entry.meaning.mayWrap { fields.mayWrap = true }
                if entry.meaning.marksCLI { fields.isFromCLI = true }
                if !entry.meaning.isDropped { addUnknown(entry, ref, source, level, scratch, &fields) }
                scratch.used = mark
            }
            Scan.skipSpace(source, &at)
            let c = Scan.byte(source, at)
            if c == 0x2C {
                at &+= 1
                Scan.skipSpace(source, &at)
            } else if c == 0x7D {
                at &+= 1
                return .none
            } else {
                return c < 0x20 ? .truncated : .notJSON
            }
        }
    }

    private static func find(
        _ key: JSONValueRef,
        _ source: RawSpan,
        _ level: UInt8,
        _ keys: inout KeyTable,
        _ scratch: borrowing Scratch
    ) -> (index: Int?, entry: KeyTable.Entry) {
        if key.level == level { return lookUp(key, source, &keys) }
        let held = scratch.bytes
        return lookUp(key, held.span.bytes, &keys)
    }

    private static func lookUp(
        _ key: JSONValueRef,
        _ source: RawSpan,
        _ keys: inout KeyTable
    ) -> (index: Int?, entry: KeyTable.Entry) {
        if let index = keys.find(source, Int(key.start), Int(key.count)) { return (index, keys.entry(index)) }
        return (nil, keys.resolve(source, Int(key.start), Int(key.count)))
    }

    /// Adds a member that is not known to the fingerprint, in a way that does not depend on the members' order.
    private static func addUnknown(
        _ entry: KeyTable.Entry,
        _ ref: JSONValueRef,
        _ source: RawSpan,
        _ level: UInt8,
        _ scratch: borrowing Scratch,
        _ fields: inout FieldRefs
    ) {
        if ref.kind == .null || ref.count == 0 { return }
        let hash: UInt64
        if ref.level == level {
            if isNone(source, Int(ref.start), Int(ref.count)) { return }
            hash = Fingerprint.hash(source, Int(ref.start), Int(ref.count), seed: entry.nameHash)
        } else {
            let held = scratch.bytes
            hash = Fingerprint.hash(held.span.bytes, Int(ref.start), Int(ref.count), seed: entry.nameHash)
        }
        fields.unknownSum &+= hash
    }

    /// Whether the text is `None`, with which the Azure CLI's log-analytics extension writes null.
    @inline(__always)
    static func isNone(_ text: RawSpan, _ start: Int, _ count: Int) -> Bool {
        count == 4 && Scan.word(text, start) & 0xFFFF_FFFF == 0x656E_6F4E
    }
}
