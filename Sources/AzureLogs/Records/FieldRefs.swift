/// Where the known members of the current record stand.
struct FieldRefs: Sendable {
    private var refs = [JSONValueRef](repeating: JSONValueRef(), count: FieldSlot.allCases.count)
    /// One bit a slot: filled by this record, while the others are left over from earlier ones.
    private var filled: UInt64 = 0
    /// One bit a slot: filled by a key that a better one may replace.
    private var weakly: UInt64 = 0
    /// A hash of the keys in their order.
    var keysHash: UInt64 = 0
    /// Sum over the members that are not known.
    var unknownSum: UInt64 = 0
    /// Whether there was a key under which a shipper may have put a record.
    var mayWrap = false

    /// Whether the Azure CLI printed the record, which writes null as `None`.
    var isFromCLI = false

    /// Forgets the record.
    mutating func clear() {
        filled = 0
        weakly = 0
        keysHash = 0
        unknownSum = 0
        mayWrap = false
        isFromCLI = false
    }

    subscript(slot: FieldSlot) -> JSONValueRef {
        get { at(slot.rawValue) }
        set {
            filled |= 1 << UInt64(slot.rawValue)
            refs[slot.rawValue] = newValue
        }
    }

    /// The reference of a slot by its number.
    @inline(__always)
    func at(_ index: Int) -> JSONValueRef { filled >> UInt64(index) & 1 == 0 ? JSONValueRef() : refs[index] }

    /// Fills a slot; of equal keys the last one counts, and a weak key gives way to a better one.
    @inline(__always)
    mutating func fill(_ slot: FieldSlot, _ ref: JSONValueRef, weak: Bool) {
        let bit: UInt64 = 1 << UInt64(slot.rawValue)
        if weak {
            let before = self[slot]
            let isEmpty = before.count == 0 || before.kind == .null
            if !isEmpty && weakly & bit == 0 { return }
            weakly |= bit
        } else {
            if ref.kind == .null || ref.count == 0, weakly & bit != 0 { return }
            weakly &= ~bit
        }
        filled |= bit
        refs[slot.rawValue] = ref
    }

    /// Whether the object wraps records instead of being one.
    var hasRecords: Bool { self[.records].kind == .array }

    /// Whether it has what every log record has.
    var isLogRecord: Bool { self[.category].count > 0 || self[.operation].count > 0 }
}
