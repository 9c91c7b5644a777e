import AzureLogs

/// A growing window on a file's text, with the line and offset of its start.
struct TextWindow {
    private let source: TextSource
    private(set) var bytes: [UInt8]
    private(set) var start = 0
    private(set) var end = 0
    /// Offset of `start` in the inflated file.
    private(set) var offset = 0
    /// Line of `start`, from 1.
    private(set) var line = 1
    /// The byte before `start`; 0 at the text's beginning.
    private(set) var lastByte: UInt8 = 0
    /// Whether the text is used up behind `end`.
    private(set) var ended = false

    init(_ source: TextSource) {
        self.source = source
        bytes = [UInt8](repeating: 0, count: 1 << 17)
        more()
        if end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { advance(to: 3) }
    }

    /// Length of the window in bytes.
    var count: Int { end - start }

    /// Reads on; false at the end of the text.
    ///
    /// Positions move: use distances from `start`.
    @discardableResult
    mutating func more() -> Bool {
        if ended { return false }
        if start > 0 {
            bytes.removeSubrange(..<start)
            bytes.append(contentsOf: repeatElement(0, count: start))
            end -= start
            start = 0
        }
        if end == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
        let room = bytes.count - end
        let got = source.read(into: &bytes, at: end, count: room)
        end += got
        ended = got < room
        return got > 0
    }

    /// Moves the start forward and counts the lines passed.
    mutating func advance(to position: Int) {
        var at = start
        while true {
            at = ByteScan.lineFeed(in: bytes, from: at, to: position)
            if at >= position { break }
            line += 1
            at += 1
        }
        offset += position - start
        if position > start { lastByte = bytes[position - 1] }
        start = position
    }

    /// Skips white space and commas; false at the end of the text.
    mutating func skipSeparators() -> Bool {
        while true {
            var at = start
            while at < end, ByteScan.isSpace(bytes[at]) || bytes[at] == 0x2C { at += 1 }
            advance(to: at)
            if start < end { return true }
            if !more() { return false }
        }
    }

    /// Gives up the bytes at the start as a record that cannot be read, and moves behind them.
    mutating func reject(into chunk: inout RecordChunk, _ length: Int, _ reason: RejectReason, _ detail: String) {
        let range = start..<start + length
        chunk.rejects.append(
            FramingReject(reason: reason, detail: detail, line: line, offset: offset, text: bytes[range])
        )
        advance(to: range.upperBound)
    }
}
