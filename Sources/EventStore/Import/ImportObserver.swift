public import AzureLogs

/// Who is told of the events of an import as they are stored.
///
/// The writing task calls it, one file after the other. What it is told holds only if the run ends without an error: a
/// file that is given up half-way is taken back, and nobody is told of that.
public protocol ImportObserver: Sendable {
    /// Events of the current file were stored or changed.
    func stored(_ batch: borrowing StoredBatch)
    /// The file in hand is over.
    func fileEnded()
}

/// What a piece of a file added to the database.
public struct StoredBatch: Sendable {
    /// The rows of the file's records; those at `others` are not stored as they stand here.
    public var rows: [EventRow]
    /// Places in `rows`, ascending, of rows that met another with their key.
    public var others: [Int] = []
    /// What became of events whose key was met before; later ones hold against earlier ones with the same key.
    public var settled: [SettledEvent] = []
    /// The file's id.
    public var file: Int
    /// The file's path, as evidence names it.
    public var path: String
    /// Identities that got their number here.
    public var identities: [NewText]
    /// Contexts that got their number here.
    public var contexts: [(id: Int, context: EventContext)]
    /// Whether there were records of DPS exports.
    public var hasSnapshots: Bool
    var correlations: [String]

    /// The mark of a row's correlation id, the same as `PreparedStatement.mark` gives of the stored one.
    public func correlationMark(_ row: EventRow) -> UInt64 {
        switch row.correlationKind {
        case 0: return 0
        case 1:
            var words = (row.correlation0.bigEndian, row.correlation1.bigEndian)
            return withUnsafeBytes(of: &words) { PreparedStatement.mark(of: $0) }
        default:
            return Array(correlations[Int(row.correlation0)].utf8).withUnsafeBytes { PreparedStatement.mark(of: $0) }
        }
    }
}

/// An event whose key was met before, as it stands in the database now.
public struct SettledEvent: BitwiseCopyable, Sendable {
    /// The content.
    public var row: EventRow
    /// How often it happened.
    public var copies: Int
    /// The file and line that it is cited by.
    public var file: Int
    /// The line, from 1.
    public var line: Int
}
