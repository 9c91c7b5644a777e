/// The known values of one record, one behind the other, readable 32 bytes beyond the last.
struct FlatText {
    private(set) var bytes: [UInt8]
    private var used = 0

    /// Empty text in memory that was used before.
    init(reusing memory: [UInt8]) {
        bytes = memory.count >= 4096 ? memory : [UInt8](repeating: 0, count: 4096)
    }

    /// Copies a value; null and the Azure CLI's `None` come out empty.
    ///
    /// - Parameter isName: whether `None` is a name as good as any other.
    @inline(__always)
    mutating func append(_ source: RawSpan, _ ref: JSONValueRef, isName: Bool) -> Slice {
        let count = Int(ref.count)
        if count == 0 || ref.kind == .null { return nothing }
        if !isName, count == 4, Scan.word(source, Int(ref.start)) & 0xFFFF_FFFF == 0x656E_6F4E { return nothing }
        if used + count + 64 > bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: max(count + 64, bytes.count)))
        }
        let start = used
        var from = Int(ref.start)
        var to = used
        let end = used + count
        var span = bytes.mutableSpan
        var target = span.mutableBytes
        while to < end {
            target.storeBytes(of: Scan.word(source, from), toByteOffset: to, as: UInt64.self)
            from &+= 8
            to &+= 8
        }
        used = end
        return Slice(offset: Int32(start), count: Int32(count))
    }

    /// An empty text at the current place.
    var nothing: Slice { Slice(offset: Int32(truncatingIfNeeded: used)) }

    /// Puts a byte that is in no text behind the last one.
    mutating func separate() {
        if used + 64 > bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
        bytes[used] = 0xFF
        used += 1
    }

    /// Adds a text of its own.
    mutating func append(_ string: String) -> Slice {
        let count = string.utf8.count
        if used + count + 64 > bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: max(count + 64, bytes.count)))
        }
        bytes.replaceSubrange(used..<used + count, with: string.utf8)
        used += count
        return Slice(offset: Int32(used - count), count: Int32(count))
    }

    /// Whether two values are the same bytes.
    func equal(_ a: Slice, _ b: Slice) -> Bool {
        a.count == b.count
            && bytes[Int(a.offset)..<Int(a.offset + a.count)].elementsEqual(
                bytes[Int(b.offset)..<Int(b.offset + b.count)]
            )
    }

    /// The value as text.
    func string(_ slice: Slice) -> String {
        String(decoding: bytes[Int(slice.offset)..<Int(slice.offset + slice.count)], as: UTF8.self)
    }
}
