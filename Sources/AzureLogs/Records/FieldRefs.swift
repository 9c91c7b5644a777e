/// Where the known members of the record in hand stand.
struct FieldRefs: Sendable {
    private var refs = [JSONValueRef](repeating: JSONValueRef(), count: FieldSlot.allCases.count)
    /// One bit a slot: filled by a key that a better one may replace.
    private var weakly: UInt64 = 0
    /// Sum over the members that are not known.
    var unknownSum: UInt64 = 0
    /// Whether there was a key under which a shipper may have put a record.
    var mayWrap = false

    /// Forgets the record.
    mutating func clear() {
        for index in refs.indices { refs[index] = JSONValueRef() }
        weakly = 0
        unknownSum = 0
        mayWrap = false
    }

    subscript(slot: FieldSlot) -> JSONValueRef {
        get { refs[slot.rawValue] }
        set { refs[slot.rawValue] = newValue }
    }

    /// The reference of a slot by its number.
    @inline(__always)
    func at(_ index: Int) -> JSONValueRef { refs[index] }

    /// Fills a slot; of equal keys the last one counts, and a weak key gives way to a better one.
    @inline(__always)
    mutating func fill(_ slot: FieldSlot, _ ref: JSONValueRef, weak: Bool) {
        let bit: UInt64 = 1 << UInt64(slot.rawValue)
        let isEmpty = refs[slot.rawValue].count == 0 || refs[slot.rawValue].kind == .null
        if weak {
            if !isEmpty && weakly & bit == 0 { return }
            weakly |= bit
        } else {
            if ref.kind == .null || ref.count == 0, weakly & bit != 0 { return }
            weakly &= ~bit
        }
        refs[slot.rawValue] = ref
    }

    /// Whether the object wraps records instead of being one.
    var hasRecords: Bool { self[.records].kind == .array }

    /// Whether it has what every log record has.
    var isLogRecord: Bool { self[.category].count > 0 || self[.operation].count > 0 }
}
