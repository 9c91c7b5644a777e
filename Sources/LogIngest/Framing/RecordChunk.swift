public import AzureLogs

/// Where one record of a chunk stands, and where it stood in its file.
public struct FramedRecord: BitwiseCopyable, Sendable {
    /// First byte in the chunk.
    public var start: Int
    /// Length in bytes.
    public var count: Int
    /// Line of the file on which the record begins, from 1.
    public var line: Int
    /// Offset of its first byte in the inflated file.
    public var offset: Int
}

/// Text that could not be framed as a record.
public struct FramingReject: Sendable, Hashable {
    /// The reason's word, as in the table `reject`.
    public var reason: String
    /// What is wrong and what to do.
    public var detail: String
    /// Line of the file, from 1.
    public var line: Int
    /// Offset in the inflated file, in bytes.
    public var offset: Int
    /// The first bytes of the text.
    public var sample: [UInt8]
    /// What can still be told of the record.
    public var rest: DamagedRecord

    /// A text that could not be framed.
    ///
    /// - Parameter text: all that is at hand of it.
    init(reason: RejectReason, detail: String, line: Int, offset: Int, text: ArraySlice<UInt8>) {
        self.reason = reason.rawValue
        self.detail = detail
        self.line = line
        self.offset = offset
        sample = Array(text.prefix(256))
        rest = DamagedRecord.scan(text)
    }
}

/// A piece of a file: whole records with their places.
///
/// A plain value, so that tasks can hand it on.
///
/// The text is followed by at least `padding` bytes, and each record by a control byte, as `RecordReader` asks.
public struct RecordChunk: Sendable {
    /// Readable bytes after the text.
    public static let padding = 32

    /// The text; only the first `count` bytes mean anything.
    public var bytes: [UInt8]
    /// Length of the text in bytes.
    public var count = 0
    /// The records, in the order of the file.
    public var records: [FramedRecord] = []
    /// What could not be framed, in the order of the file.
    public var rejects: [FramingReject] = []

    /// A chunk with room for `capacity` bytes of text.
    public init(capacity: Int) {
        bytes = [UInt8](repeating: 0, count: capacity + Self.padding)
        records.reserveCapacity(capacity / 256)
    }

    /// Room for text, in bytes.
    var capacity: Int { bytes.count - Self.padding }

    /// Makes the chunk empty and keeps its memory.
    mutating func clear() {
        count = 0
        records.removeAll(keepingCapacity: true)
        rejects.removeAll(keepingCapacity: true)
    }

    /// Makes room for `more` further bytes.
    mutating func reserve(_ more: Int) {
        let need = count + more + Self.padding
        if need > bytes.count {
            bytes.append(contentsOf: repeatElement(0, count: max(need - bytes.count, bytes.count)))
        }
    }

    /// Adds a record by copying its text.
    mutating func append(_ text: ArraySlice<UInt8>, line: Int, offset: Int) {
        reserve(text.count + 1)
        let start = count
        bytes.replaceSubrange(start..<start + text.count, with: text)
        bytes[start + text.count] = 0x0A
        count = start + text.count + 1
        records.append(FramedRecord(start: start, count: text.count, line: line, offset: offset))
    }
}

/// A way to cut a file's text into records, pulled chunk by chunk.
protocol RecordFramer {
    /// Fills the chunk with the next records; false when the text is used up and the chunk is empty.
    mutating func fill(_ chunk: inout RecordChunk) -> Bool
    /// How the text ended as its container sees it: cut off where something that was opened is not closed.
    var ending: FileEnding { get }
}

extension RecordFramer {
    var ending: FileEnding { .complete }
}
