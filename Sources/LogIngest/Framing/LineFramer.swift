import AzureLogs

/// Cuts JSON lines: one record a line, whatever a line holds.
///
/// A damaged line costs itself and nothing else. A line above the limit is rejected without being held.
struct LineFramer: RecordFramer {
    private let source: TextSource
    private let limit: Int
    private var carry: [UInt8] = []
    private var offset: Int
    private var line: Int
    private var ended = false

    /// Where reading can go on when the file has grown: after the last line that ended with a line feed.
    private(set) var resumeOffset: Int
    /// The line that begins at `resumeOffset`.
    private(set) var resumeLine: Int

    init(_ source: TextSource, limits: ReadLimits, offset: Int = 0, line: Int = 1) {
        self.source = source
        limit = limits.recordBytes
        self.offset = offset
        self.line = line
        resumeOffset = offset
        resumeLine = line
    }

    mutating func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        while !ended && chunk.records.isEmpty && chunk.rejects.isEmpty { fillOnce(&chunk) }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
    }

    private mutating func fillOnce(_ chunk: inout RecordChunk) {
        chunk.count = 0
        chunk.reserve(carry.count)
        chunk.bytes.replaceSubrange(0..<carry.count, with: carry)
        var filled = carry.count
        carry.removeAll(keepingCapacity: true)
        // What follows an over-long line may hold whole lines already.
        var lineEnd = lastLineFeed(in: chunk.bytes, from: 0, to: filled)
        while lineEnd == nil && !ended {
            if filled == chunk.capacity {
                if filled > limit {
                    rejectLongLine(&chunk, filled: filled)
                    return
                }
                chunk.count = filled
                chunk.reserve(filled)
            }
            let room = chunk.capacity - filled
            let got = source.read(into: &chunk.bytes, at: filled, count: room)
            lineEnd = lastLineFeed(in: chunk.bytes, from: filled, to: filled + got)
            filled += got
            if got < room { ended = true }
        }
        var whole = filled
        if !ended, let lineEnd {
            whole = lineEnd + 1
            carry.append(contentsOf: chunk.bytes[whole..<filled])
        }
        chunk.bytes[whole] = 0x0A
        chunk.count = whole
        split(&chunk, to: whole)
    }

    private func lastLineFeed(in bytes: [UInt8], from: Int, to: Int) -> Int? {
        var at = to - 1
        while at >= from {
            if bytes[at] == 0x0A { return at }
            at -= 1
        }
        return nil
    }

    /// Notes every line that holds more than white space.
    private mutating func split(_ chunk: inout RecordChunk, to end: Int) {
        var start = 0
        while start < end {
            let stop = ByteScan.lineFeed(in: chunk.bytes, from: start, to: end)
            let hasLineFeed = stop < end
            if stop - start > limit {
                chunk.rejects.append(tooLong(chunk.bytes[start..<stop], line: line, offset: offset + start))
            } else if let record = trimmed(chunk.bytes, start, stop) {
                chunk.records.append(
                    FramedRecord(
                        start: record.lowerBound,
                        count: record.count,
                        line: line,
                        offset: offset + record.lowerBound
                    )
                )
            }
            start = stop + 1
            if hasLineFeed {
                line += 1
                resumeOffset = offset + start
                resumeLine = line
            }
        }
        offset += end
    }

    /// The line without a byte order mark and white space at its ends, nil if nothing is left.
    private func trimmed(_ bytes: [UInt8], _ start: Int, _ stop: Int) -> Range<Int>? {
        var start = start
        var stop = stop
        if line == 1, stop - start >= 3, bytes[start] == 0xEF, bytes[start + 1] == 0xBB, bytes[start + 2] == 0xBF {
            start += 3
        }
        while start < stop, ByteScan.isSpace(bytes[start]) { start += 1 }
        while start < stop, ByteScan.isSpace(bytes[stop - 1]) { stop -= 1 }
        return start < stop ? start..<stop : nil
    }

    private func tooLong(_ text: ArraySlice<UInt8>, line: Int, offset: Int) -> FramingReject {
        FramingReject(
            reason: .tooLong,
            detail: "the record is longer than \(limit) bytes; raise --max-record-bytes to read it",
            line: line,
            offset: offset,
            text: text
        )
    }

    /// Gives up a line that is longer than the limit: reads to its end without keeping it.
    private mutating func rejectLongLine(_ chunk: inout RecordChunk, filled: Int) {
        chunk.rejects.append(tooLong(chunk.bytes[0..<filled], line: line, offset: offset))
        offset += filled
        chunk.count = 0
        while true {
            let got = source.read(into: &chunk.bytes, at: 0, count: chunk.capacity)
            let stop = ByteScan.lineFeed(in: chunk.bytes, from: 0, to: got)
            if stop < got {
                carry = Array(chunk.bytes[(stop + 1)..<got])
                offset += stop + 1
                line += 1
                resumeOffset = offset
                resumeLine = line
            } else {
                offset += got
            }
            if got < chunk.capacity { ended = carry.isEmpty }
            if stop < got || got < chunk.capacity { return }
        }
    }
}
