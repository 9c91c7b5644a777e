public import AzureLogs
import LogIngest

/// The accounting of one ingest: every record is stored, a duplicate, ignored or rejected.
public struct IngestReport: Sendable, Hashable, Codable {
    /// Files that were read.
    public var files = 0
    /// Files whose content was known.
    public var filesUnchanged = 0
    /// Files that could not be read at all, or not to their end.
    public var filesRejected = 0
    /// Files and folders that the system did not let read; also counted in `filesRejected`.
    public var filesUnreadable = 0
    /// Records that are not blank; each element of an envelope is one.
    public var lines = 0
    /// Records that added to the database.
    public var stored = 0
    /// Records that were known.
    public var duplicates = 0
    /// Well-formed records of categories that are not used.
    public var ignored = 0
    /// Records that could not be read.
    public var rejected = 0
    /// Bytes of the files read.
    public var bytesRead = 0
    /// Bytes of their text.
    public var bytesInflated = 0
    /// Wall time.
    public var seconds = 0.0

    /// An empty accounting.
    public init() {}

    /// Whether every record is accounted for.
    public var isBalanced: Bool { lines == stored + duplicates + ignored + rejected }
}

/// What is read and how.
public struct IngestOptions: Sendable {
    /// When a file or record is given up.
    public var maxRecordBytes = 16 << 20
    /// Most bytes one file may inflate to.
    public var maxInflatedBytes = 64 << 30
    /// Largest ratio of inflated to compressed bytes.
    public var maxRatio = 1000
    /// Whether files that the ledger knows are read once more, as after a prune.
    public var readsAgain = false
    /// Whether raw texts of records that are no plain success are kept.
    public var keepsRaw = true
    /// Gives a file another name in the ledger than the path that it is read from; nil for the path.
    public var name: (@Sendable (String) -> String)?

    /// How many tasks parse at the same time: more than one pays where cores are idle beside reading and writing.
    public var parsingTasks = ParsingWorkers.suggested(cores: AvailableCores.count())
    /// How many these become while records do not repeat, so that most have to be parsed.
    public var mostParsingTasks = ParsingWorkers.most(cores: AvailableCores.count())

    /// The order of day and month where a file's own times leave it open; nil to take that of its neighbours.
    public var dateOrder: DateOrder?
    /// The zone of times that are marked as local; nil to refuse them.
    public var timeZone: LocalZone?

    /// The defaults.
    public init() {}

    var limits: ReadLimits {
        ReadLimits(recordBytes: maxRecordBytes, inflatedBytes: maxInflatedBytes, ratio: maxRatio)
    }
}

extension IngestReport {
    /// Adds the accounting of a later part of the same run.
    mutating func add(_ more: IngestReport) {
        files += more.files
        filesUnchanged += more.filesUnchanged
        filesRejected += more.filesRejected
        lines += more.lines
        stored += more.stored
        duplicates += more.duplicates
        ignored += more.ignored
        rejected += more.rejected
        bytesRead += more.bytesRead
        bytesInflated += more.bytesInflated
    }
}
