import LogIngest

/// What the reading task tells the parsing task.
enum ReadMessage: Sendable {
    /// Nothing; what stays when a message was taken.
    case done
    case begin(FileStart)
    case chunk(RecordChunk)
    case end(FileEnd)
    /// A file whose content is known under its own path, or (with the id) under another.
    case unchanged(FileStart, copyOf: Int?, content: [UInt8], bytes: Int)
    case unreadable(FileStart, String)

    /// What the writing task is told of a file that need not be read; nil for all else.
    var unchanged: WriteMessage? {
        guard case .unchanged(let start, let copyOf, let content, let bytes) = self else { return nil }
        return .unchanged(start, copyOf: copyOf, content: content, bytes: bytes)
    }
}

/// What the parsing task tells the writing task.
enum WriteMessage: Sendable {
    /// Nothing; what stays when a message was taken.
    case done
    case begin(FileStart)
    case batch(RowBatch)
    case end(FileEnd)
    case unchanged(FileStart, copyOf: Int?, content: [UInt8], bytes: Int)
    case unreadable(FileStart, String)
}

/// A file before it is read.
struct FileStart: Sendable {
    var path: String
    /// The generation that this reading makes, or goes on with.
    var generation: Int
    /// The ledger's entry that is gone on with, when the file has grown.
    var resumed: LedgerEntry?
}

/// A file after it was read.
struct FileEnd: Sendable {
    var container: String
    var ending: FileEnding
    var bytesRead: Int
    var bytesInflated: Int
    var content: [UInt8]
    var resumeOffset: Int
    var resumeLine: Int
}
