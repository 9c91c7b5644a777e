public import AzureLogs

/// One event on its way into the database: numbers only.
public struct EventRow: BitwiseCopyable, Sendable {
    /// Microseconds since 1970.
    public var time: Int64 = 0
    /// The hash of the content.
    public var hash: Int64 = 0
    /// Row ids; 0 for what was not logged.
    public var identity: Int32 = 0
    /// The row of `context`.
    public var context: Int32 = 0
    /// The row of `network`.
    public var network: Int32 = 0
    /// The row of `agent`.
    public var agent: Int32 = 0
    /// The identity of the device that DPS named.
    public var target: Int32 = 0
    /// Milliseconds, -1 if not logged.
    public var duration: Int64 = -1
    /// The GUID's halves; or, with `correlationKind` 2, an index into the batch's texts.
    var correlation0: UInt64 = 0
    var correlation1: UInt64 = 0
    /// 0 none, 1 GUID, 2 text.
    var correlationKind: UInt8 = 0
    /// Whether an equal record is the same event wherever it stands.
    var isStrong = false
    /// Whether another record stands on the same line, so that the line does not tell them apart.
    var sharesLine = false
    /// The line of its file, from 1.
    public var line = 0
}

/// A text that got its number while the batch was filled.
public struct NewText: Sendable {
    /// The row's id.
    public var id: Int
    /// The text.
    public var text: String
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
    /// What can still be told of the record.
    public var rest = DamagedRecord()
    /// The time of the nearest readable record before it in the file; nil if there is none.
    public var previousTime: Int64?
    /// The time of the nearest readable record behind it in the file; nil if there is none, or it is far behind.
    public var nextTime: Int64?
}

/// Compressed raw texts of some lines of a file.
struct RawBlock: Sendable {
    var firstLine: Int
    var lastLine: Int
    /// How many there are.
    var texts: Int
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
    var snapshots: [(snapshot: DPSExport, line: Int)] = []
    var rejects: [Reject] = []
    var ignored: [String: Int] = [:]
    var rawBlocks: [RawBlock] = []
    var lines = 0
    /// How far the records of the file are out of order up to here, in microseconds.
    var disorder: Int64 = 0
    /// What puts a piece of a file behind the one before it; only in pieces.
    var seam = ParsedSeam()

    /// How much the batch holds; it is handed on when this reaches the capacity.
    ///
    /// A context is thirty texts, and where each record has a hub of its own there are as many.
    var load: Int { rows.count + rejects.count + snapshots.count + contexts.count * 7 }

    init(rows count: Int = RowBatch.capacity) { rows.reserveCapacity(count) }

    /// Puts the rows in the order of their keys, equal ones in that of their lines.
    ///
    /// Then nearly all of them go behind the last row of the table, where no place has to be looked for and pages are
    /// filled to their end. Rows that share a line stay in their turn, since only that tells them apart.
    mutating func putInOrder() {
        if rows.contains(where: \.sharesLine) { return }
        func precedes(_ a: EventRow, _ b: EventRow) -> Bool {
            a.time != b.time ? a.time < b.time : (a.hash, a.line) < (b.hash, b.line)
        }
        let isAscending = zip(rows, rows.dropFirst()).allSatisfy { $0.time <= $1.time }
        if !isAscending { return rows.sort(by: precedes) }
        var start = 0
        while start < rows.count {
            var end = start + 1
            while end < rows.count, rows[end].time == rows[start].time { end += 1 }
            // A second of a log is a handful of rows, which is quickest by insertion.
            if end - start > 64 {
                rows[start..<end].sort(by: precedes)
            } else {
                for index in start + 1..<max(end, start + 1) where precedes(rows[index], rows[index - 1]) {
                    let row = rows[index]
                    var at = index
                    while at > start, precedes(row, rows[at - 1]) {
                        rows[at] = rows[at - 1]
                        at -= 1
                    }
                    rows[at] = row
                }
            }
            start = end
        }
    }

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
        disorder = 0
        seam.clear()
    }
}
