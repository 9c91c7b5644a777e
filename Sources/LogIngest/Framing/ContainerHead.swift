/// Finds the array inside an object that only wraps records: `records` of Event Hub and old blobs, `value` of lists,
/// `hits` in the `hits` of an Elasticsearch response, `tables` of the query API.
enum ContainerHead {
    /// What stands before the first record.
    enum Opening {
        case records
        case tables
    }

    /// Looks for a wrapping member among the members of the object that starts at `start`.
    ///
    /// - Returns: what it is, the position behind the array's `[`, and how many objects stand around the array; nil if
    ///   the bytes up to `end` show none.
    static func find(
        in bytes: [UInt8],
        from start: Int,
        to end: Int,
        isInner: Bool = false
    ) -> (opening: Opening, contents: Int, objects: Int)? {
        var scanner = StructureScanner()
        var at = start
        var keyStart = -1
        var lastKey: ArraySlice<UInt8> = []
        var afterColon = false
        while at < end {
            let byte = bytes[at]
            let wasInString = scanner.inString
            if scanner.depth == 1 && !wasInString {
                if byte == 0x22 { keyStart = at + 1 }
                if byte == 0x5B, afterColon, let opening = opening(named: lastKey, isInner) {
                    return (opening, at + 1, 1)
                }
                if byte == 0x7B, afterColon, !isInner, named(lastKey, "hits"),
                    let inner = find(in: bytes, from: at, to: end, isInner: true)
                {
                    return (inner.opening, inner.contents, 2)
                }
                if byte == 0x3A { afterColon = true } else if byte == 0x2C { afterColon = false }
            }
            if case .none = scanner.take(byte) {} else { return nil }
            if wasInString && !scanner.inString && scanner.depth == 1 && !afterColon { lastKey = bytes[keyStart..<at] }
            at += 1
        }
        return nil
    }

    private static func opening(named key: ArraySlice<UInt8>, _ isInner: Bool) -> Opening? {
        if isInner { return named(key, "hits") ? .records : nil }
        if named(key, "records") || named(key, "value") { return .records }
        return named(key, "tables") ? .tables : nil
    }

    private static func named(_ key: ArraySlice<UInt8>, _ name: String) -> Bool {
        key.count == name.utf8.count && key.map { $0 | 0x20 }.elementsEqual(name.utf8)
    }
}
