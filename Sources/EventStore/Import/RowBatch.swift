import AzureLogs

/// One event on its way into the database: numbers only.
struct EventRow: BitwiseCopyable, Sendable {
    var time: Int64 = 0
    var hash: Int64 = 0
    var identity: Int32 = 0
    var context: Int32 = 0
    var network: Int32 = 0
    var agent: Int32 = 0
    var target: Int32 = 0
    /// Milliseconds, -1 if not logged.
    var duration: Int64 = -1
    /// The GUID's halves; or, with `correlationKind` 2, an index into the batch's texts.
    var correlation0: UInt64 = 0
    var correlation1: UInt64 = 0
    /// 0 none, 1 GUID, 2 text.
    var correlationKind: UInt8 = 0
    /// Whether an equal record is the same event wherever it stands.
    var isStrong = false
    /// Whether another record stands on the same line, so that the line does not tell them apart.
    var sharesLine = false
    var line = 0
}

/// A text that got its number while the batch was filled.
struct NewText: Sendable {
    var id: Int
    var text: String
}

/// A record that could not be read.
public struct Reject: Sendable, Hashable {
    /// Line of the file, from 1; 0 for the file as a whole.
    public var line: Int
    /// Offset in the inflated file, in bytes.
    public var offset: Int
    /// The reason's word.
    public var reason: String
    /// What is wrong and what to do.
    public var detail: String
    /// The beginning of the text, made safe to show.
    public var sample: String
}

/// Compressed raw texts of some lines of a file.
struct RawBlock: Sendable {
    var firstLine: Int
    var lastLine: Int
    var data: [UInt8]
}

/// What was parsed of a file since the last batch.
///
/// A plain value, so that tasks can hand it on.
struct RowBatch: Sendable {
    static let capacity = 8192

    var rows: [EventRow] = []
    var identities: [NewText] = []
    var networks: [NewText] = []
    var agents: [NewText] = []
    var contexts: [(id: Int, context: EventContext)] = []
    var correlations: [String] = []
    var snapshots: [(snapshot: Snapshot, line: Int)] = []
    var rejects: [Reject] = []
    var ignored: [String: Int] = [:]
    var rawBlocks: [RawBlock] = []
    var lines = 0

    /// How much the batch holds; it is handed on when this reaches the capacity.
    var load: Int { rows.count + rejects.count + snapshots.count }

    init() { rows.reserveCapacity(Self.capacity) }

    /// Makes the batch empty and keeps its memory.
    mutating func clear() {
        rows.removeAll(keepingCapacity: true)
        identities.removeAll(keepingCapacity: true)
        networks.removeAll(keepingCapacity: true)
        agents.removeAll(keepingCapacity: true)
        contexts.removeAll(keepingCapacity: true)
        correlations.removeAll(keepingCapacity: true)
        snapshots.removeAll(keepingCapacity: true)
        rejects.removeAll(keepingCapacity: true)
        ignored.removeAll(keepingCapacity: true)
        rawBlocks.removeAll(keepingCapacity: true)
        lines = 0
    }
}
