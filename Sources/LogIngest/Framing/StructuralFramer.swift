import AzureLogs

/// Cuts text whose records are not lines: arrays, `{"records":[…]}`, objects one after another, pretty-printed ones.
///
/// Only brackets and strings are followed; the reader judges each record. After damage it goes on at the next place
/// that looks like the beginning of a record, so that one bad record does not cost its neighbours.
struct StructuralFramer: RecordFramer {
    /// What stands around records.
    private enum Enclosure {
        /// `[…]`.
        case array
        /// `{"records":[…]}`.
        case envelope
    }

    private var window: TextWindow
    private let limit: Int
    private let chunkBytes: Int
    /// Open arrays and envelopes around the records: an envelope is an object whose further members are skipped.
    private var enclosures: [Enclosure] = []
    /// Set after damage that reached the end: then records are cut where one seems to end and the next to begin.
    private var suspicious = false

    init(_ source: TextSource, limits: ReadLimits, chunkBytes: Int = 1 << 17) {
        window = TextWindow(source)
        limit = limits.recordBytes
        self.chunkBytes = chunkBytes
    }

    /// Cut off where an array or an envelope was not closed, also between two records.
    var ending: FileEnding {
        guard window.ended, window.count == 0, !enclosures.isEmpty else { return .complete }
        return .truncated("the text ends before its \(enclosures.last == .envelope ? "envelope" : "array") is closed")
    }

    mutating func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        while chunk.count < chunkBytes && chunk.rejects.count < 4096 && window.skipSeparators() { step(&chunk) }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
    }

    private mutating func step(_ chunk: inout RecordChunk) {
        switch window.bytes[window.start] {
        case 0x5B:
            enclosures.append(.array)
            window.advance(to: window.start + 1)
        case 0x5D:
            if enclosures.last == .array { enclosures.removeLast() }
            window.advance(to: window.start + 1)
            while enclosures.last == .envelope, skipRestOfEnvelope(&chunk) {}
        case 0x7D:
            if enclosures.last == .envelope { enclosures.removeLast() }
            window.advance(to: window.start + 1)
        case 0x7B:
            object(&chunk)
        case 0x22 where enclosures.last == .array:
            string(&chunk)
        default:
            rubbish(&chunk)
        }
    }

    /// Takes the object at the window's start: an envelope is entered, anything else is a record.
    ///
    /// Before an object is given up it is looked at as an envelope, so that what breaks an envelope costs no record before it.
    private mutating func object(_ chunk: inout RecordChunk) {
        var scanner = StructureScanner()
        var length = 0
        while true {
            while window.start + length < window.end {
                let byte = window.bytes[window.start + length]
                length += 1
                switch scanner.take(byte) {
                case .closed: return close(&chunk, length)
                case .brokenString:
                    if enterEnvelope(length) { return }
                    return window.reject(into: &chunk, length - 1, .notJSON, "a string runs over the end of the line")
                case .mismatched:
                    if enterEnvelope(length) { return }
                    return damaged(&chunk, length, .notJSON)
                case .none: break
                }
                if byte == 0x0A, length > 1, startsRecord(length) {
                    if enterEnvelope(length) { return }
                    return window.reject(into: &chunk, length - 1, .truncatedRecord, "the record stops before its end")
                }
                if suspicious, byte == 0x7D, boundary(length) != nil { return close(&chunk, length) }
            }
            if length >= 64, enterEnvelope(length) { return }
            if length > limit { return damaged(&chunk, length, .tooLong) }
            if !window.more() {
                if enterEnvelope(length) { return }
                return damaged(&chunk, length, .truncatedRecord)
            }
        }
    }

    /// Takes the string at the window's start, an array's element in which a shipper may have put a record's text.
    private mutating func string(_ chunk: inout RecordChunk) {
        var length = 1
        var isEscaped = false
        while true {
            while window.start + length < window.end {
                let byte = window.bytes[window.start + length]
                // The string ends with its line; what is left is no JSON.
                if byte == 0x0A { return rubbish(&chunk) }
                length += 1
                if isEscaped {
                    isEscaped = false
                } else if byte == 0x5C {
                    isEscaped = true
                } else if byte == 0x22 {
                    let range = window.start..<window.start + length
                    chunk.append(window.bytes[range], line: window.line, offset: window.offset)
                    return window.advance(to: range.upperBound)
                }
            }
            if length > limit || !window.more() { return rubbish(&chunk) }
        }
    }

    /// The record is whole, or it is an envelope small enough to have been seen whole.
    private mutating func close(_ chunk: inout RecordChunk, _ length: Int) {
        if enterEnvelope(length) { return }
        if length > limit { return damaged(&chunk, length, .tooLong) }
        let range = window.start..<window.start + length
        chunk.append(window.bytes[range], line: window.line, offset: window.offset)
        window.advance(to: range.upperBound)
    }

    /// Enters `{"records":[` if the first `length` bytes of the window begin so.
    private mutating func enterEnvelope(_ length: Int) -> Bool {
        guard
            let head = ContainerHead.find(in: window.bytes, from: window.start, to: window.start + length),
            head.opening == .records
        else { return false }
        enclosures += Array(repeating: .envelope, count: head.objects) + [.array]
        window.advance(to: head.contents)
        return true
    }

    /// Skips the members behind the array of an envelope, to the envelope's `}`; false if it is not closed.
    ///
    /// Where these members are damaged, or the next envelope begins before this one ends, the envelope is given up, so that
    /// what follows is read for itself.
    private mutating func skipRestOfEnvelope(_ chunk: inout RecordChunk) -> Bool {
        var scanner = StructureScanner()
        _ = scanner.take(0x7B)
        var length = 0
        // The last sign at the envelope's own depth: behind a colon a value may begin on a line of its own.
        var sign: UInt8 = 0
        while true {
            while window.start + length < window.end {
                let byte = window.bytes[window.start + length]
                length += 1
                switch scanner.take(byte) {
                case .closed:
                    window.advance(to: window.start + length)
                    enclosures.removeLast()
                    return true
                case .brokenString, .mismatched:
                    leaveEnvelope()
                    window.reject(
                        into: &chunk,
                        length - 1,
                        .notJSON,
                        "what follows the records of this envelope is damaged"
                    )
                    return false
                case .none: break
                }
                if scanner.depth == 1, !ByteScan.isSpace(byte) { sign = byte }
                if byte == 0x0A, scanner.depth == 1, sign != 0x3A, startsRecord(length) {
                    leaveEnvelope()
                    window.advance(to: window.start + length)
                    return false
                }
            }
            // These members are not kept, however long they are.
            window.advance(to: window.start + length)
            length = 0
            if !window.more() { return false }
        }
    }

    /// Gives up the envelope that is open, with those around it up to the next array.
    private mutating func leaveEnvelope() {
        while enclosures.last == .envelope { enclosures.removeLast() }
    }

    /// The byte at a distance from the window's start, read on for if need be; nil at the text's end.
    private mutating func byte(_ distance: Int) -> UInt8? {
        while window.start + distance >= window.end {
            if !window.more() { return nil }
        }
        return window.bytes[window.start + distance]
    }

    /// Whether a line that begins at this distance begins a record, though the one before is still open.
    private mutating func startsRecord(_ length: Int) -> Bool { byte(length) == 0x7B && byte(length + 1) == 0x22 }

    /// Where the next record begins if one ends at this distance, nil if none does.
    ///
    /// Behind how many blanks nothing is looked for, so that a text of blanks is not held in memory.
    private mutating func boundary(_ length: Int) -> Int? {
        var at = length
        while at < length + 4096, let next = byte(at), ByteScan.isSpace(next) || next == 0x2C { at += 1 }
        return startsRecord(at) ? at : nil
    }

    /// The object does not end where it could: gives up its first piece and looks for records in the rest.
    private mutating func damaged(_ chunk: inout RecordChunk, _ length: Int, _ reason: RejectReason) {
        suspicious = true
        var at = 1
        while at < length {
            if window.bytes[window.start + at - 1] == 0x7D, let next = boundary(at), next < length {
                return window.reject(into: &chunk, next, reason, "the record does not end before the next one begins")
            }
            at += 1
        }
        let detail =
            switch reason {
            case .tooLong: "the record is longer than \(limit) bytes; raise --max-record-bytes to read it"
            case .truncatedRecord: "the file ends inside this record"
            default: "a bracket of this record closes what is not open"
            }
        window.reject(into: &chunk, length, reason, detail)
        if reason == .tooLong { skipToLineEnd() }
    }

    /// Text that begins no record: to the next bracket or line.
    private mutating func rubbish(_ chunk: inout RecordChunk) {
        var length = 0
        while true {
            while window.start + length < window.end {
                let byte = window.bytes[window.start + length]
                if byte == 0x0A || (length > 0 && (byte == 0x7B || byte == 0x5B)) {
                    return window.reject(into: &chunk, length, .notJSON, "this is not JSON")
                }
                length += 1
            }
            if length > limit {
                window.reject(into: &chunk, length, .notJSON, "this is not JSON")
                return skipToLineEnd()
            }
            if !window.more() { return window.reject(into: &chunk, length, .notJSON, "this is not JSON") }
        }
    }

    private mutating func skipToLineEnd() {
        while true {
            let stop = ByteScan.lineFeed(in: window.bytes, from: window.start, to: window.end)
            window.advance(to: stop)
            if stop < window.end || !window.more() { return }
        }
    }
}
