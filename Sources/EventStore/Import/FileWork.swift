import AzureLogs
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
    case refused(FileStart, RefusedFormat, bytes: Int, content: [UInt8])
    /// What comes next, up to `archive`, are the members of an archive.
    case members
    /// An archive whose members were read.
    case archive(FileStart, FileEnd)

    /// Whether it tells of a file that need not be read.
    var isUnchanged: Bool { if case .unchanged = self { true } else { false } }

    /// What the writing task is told of it as it is; nil for what goes by batches.
    var passedOn: WriteMessage? {
        switch self {
        case .done, .chunk, .end: nil
        case .begin(let start): .begin(start)
        case .unchanged(let start, let copyOf, let content, let bytes):
            .unchanged(start, copyOf: copyOf, content: content, bytes: bytes)
        case .unreadable(let start, let why): .unreadable(start, why)
        case .refused(let start, let format, let bytes, let content):
            .refused(start, format, bytes: bytes, content: content)
        case .members: .members
        case .archive(let start, let end): .archive(start, end)
        }
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
    case refused(FileStart, RefusedFormat, bytes: Int, content: [UInt8])
    case members
    case archive(FileStart, FileEnd)
}

/// A file before it is read.
struct FileStart: Sendable {
    var path: String
    /// The generation that this reading makes, or goes on with.
    var generation: Int
    /// The ledger's entry that is gone on with, when the file has grown.
    var resumed: LedgerEntry?
    /// How its times are read, and why.
    var dates = FileDates()
}

/// How a file's times are read that their form leaves open.
struct FileDates: Sendable, Hashable {
    /// What decided, as the ledger keeps it.
    enum Basis: String, Sendable {
        /// Nothing was open.
        case plain = ""
        /// The file itself: a time that fits one order only, the form, its other times.
        case file
        /// The user.
        case option
        /// The files that were read beside it.
        case neighbours
        /// Nothing: its open times are rejects.
        case undecided
        /// Its times are local, and nobody said the zone.
        case local
    }

    var order: DateOrder?
    var basis = Basis.plain
    /// In words, empty where nothing was open.
    var why = ""
}

/// A file after it was read.
struct FileEnd: Sendable {
    var container: String
    /// What the file was taken for, from the outside inwards.
    var formats: [String]
    var ending: FileEnding
    /// How its times were read.
    var dates = FileDates()
    var bytesRead: Int
    var bytesInflated: Int
    var content: [UInt8]
    var resumeOffset: Int
    var resumeLine: Int

    /// The end of a file that has no records of its own, and cannot grow.
    init(formats: [String], ending: FileEnding, bytesRead: Int, content: [UInt8]) {
        container = formats.last ?? ""
        self.formats = formats
        self.ending = ending
        self.bytesRead = bytesRead
        bytesInflated = bytesRead
        self.content = content
        resumeOffset = 0
        resumeLine = 1
    }
}
