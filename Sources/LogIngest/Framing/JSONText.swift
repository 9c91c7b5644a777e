import Basics

/// Writing and cutting small pieces of JSON text.
enum JSONText {
    /// Appends a JSON string of any bytes, which stay as they are but for what JSON must escape.
    ///
    /// Of bytes and not of text, which `JSONString` takes: a cell of a table need not be UTF-8.
    static func appendString(_ text: ArraySlice<UInt8>, to out: inout [UInt8]) {
        out.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C:
                out.append(0x5C)
                out.append(byte)
            case 0x00..<0x20:
                out.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, Hex.digits[Int(byte >> 4)], Hex.digits[Int(byte & 15)]])
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }

    /// The texts of the elements of the array that begins at `start`, without white space around them.
    ///
    /// - Returns: nil if the array does not close before `end`.
    static func elements(of bytes: [UInt8], from start: Int, to end: Int) -> (elements: [Range<Int>], end: Int)? {
        var scanner = StructureScanner()
        var elements: [Range<Int>] = []
        var from = start + 1
        var at = start
        while at < end {
            let byte = bytes[at]
            let separates = scanner.depth == 1 && !scanner.inString && (byte == 0x2C || byte == 0x5D)
            if separates, let element = trimmed(bytes, from, at) { elements.append(element) }
            if separates { from = at + 1 }
            switch scanner.take(byte) {
            case .closed: return (elements, at + 1)
            case .brokenString, .mismatched: return nil
            case .none: break
            }
            at += 1
        }
        return nil
    }

    private static func trimmed(_ bytes: [UInt8], _ start: Int, _ stop: Int) -> Range<Int>? {
        var start = start
        var stop = stop
        while start < stop, ByteScan.isSpace(bytes[start]) { start += 1 }
        while start < stop, ByteScan.isSpace(bytes[stop - 1]) { stop -= 1 }
        return start < stop ? start..<stop : nil
    }
}
