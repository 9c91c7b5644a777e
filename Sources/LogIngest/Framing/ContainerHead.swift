/// Finds the array inside an object that only wraps records: `records` of Event Hub and old blobs, `tables` of the
/// query API.
enum ContainerHead {
    /// The wrappers that are known.
    enum Wrapper {
        case records
        case tables
    }

    /// Looks for a wrapping member among the members of the object that starts at `start`.
    ///
    /// - Returns: the wrapper and the position behind the array's `[`; nil if the bytes up to `end` show none.
    static func find(in bytes: [UInt8], from start: Int, to end: Int) -> (wrapper: Wrapper, contents: Int)? {
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
                if byte == 0x5B, afterColon, let wrapper = wrapper(named: lastKey) { return (wrapper, at + 1) }
                if byte == 0x3A { afterColon = true } else if byte == 0x2C { afterColon = false }
            }
            if case .none = scanner.take(byte) {} else { return nil }
            if wasInString && !scanner.inString && scanner.depth == 1 && !afterColon { lastKey = bytes[keyStart..<at] }
            at += 1
        }
        return nil
    }

    private static func wrapper(named key: ArraySlice<UInt8>) -> Wrapper? {
        let lower = key.map { $0 | 0x20 }
        if lower.elementsEqual("records".utf8) { return .records }
        if lower.elementsEqual("tables".utf8) { return .tables }
        return nil
    }
}
