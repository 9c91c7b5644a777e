import AzureLogs

/// What is to be known of a piece of a file to put it behind the piece before it.
///
/// What is said of a record by those around it (the readable ones beside one that could not be read, the one on the same
/// line, the order of times) does not depend on where a file was cut into pieces.
struct ParsedSeam: Sendable {
    /// The time of the first readable record, in microseconds; nil for none.
    var firstTime: Int64?
    /// The time of the last one.
    var lastTime: Int64?
    /// How many rejects stand before the first readable record.
    var leadingRejects = 0
    /// Whether the worker has forgotten its numbers before it, and begins with 1 again.
    var isFresh = false
    /// How far the records are out of order.
    var order = TimeOrder()
    /// Raw texts that are to be kept, in the order of the text.
    var rawTexts = RawTexts()

    /// Makes it that of an empty piece, and keeps its memory.
    mutating func clear() {
        (firstTime, lastTime, leadingRejects, isFresh) = (nil, nil, 0, false)
        order = TimeOrder()
        rawTexts.clear()
    }
}

/// Raw texts on their way to `RawKeeper`.
struct RawTexts: Sendable {
    /// One text, and the parts that vary within its shape.
    private struct Entry: BitwiseCopyable {
        var start: Int
        var count: Int
        var line: Int
        /// -1 for a text without a shape.
        var shape: Int
        var firstPart: Int
        var parts: Int
    }

    /// Readable bytes behind the last text, as the search for secrets asks.
    private static let padding = 8
    private var bytes = [UInt8](repeating: 0, count: padding)
    private var parts: [Slice] = []
    private var entries: [Entry] = []

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: repeatElement(0, count: Self.padding))
        parts.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
    }

    /// Adds a text, as `RawKeeper.add` takes it.
    mutating func add(_ text: [UInt8], _ range: Range<Int>, line: Int, shape: Int, parts: [Slice]) {
        bytes.removeLast(Self.padding)
        let start = bytes.count
        bytes.append(contentsOf: text[range])
        bytes.append(contentsOf: repeatElement(0, count: Self.padding))
        let isShaped = shape >= 0
        entries.append(
            Entry(
                start: start,
                count: range.count,
                line: line,
                shape: shape,
                firstPart: self.parts.count,
                parts: isShaped ? parts.count : 0
            )
        )
        guard isShaped else { return }
        let moved = Int32(truncatingIfNeeded: start - range.lowerBound)
        for part in parts { self.parts.append(Slice(offset: part.offset + moved, count: part.count)) }
    }

    /// Hands the texts to a keeper.
    ///
    /// - Parameter shape: makes the number that a shape has in the keeper of its number here.
    func keep(in keeper: inout RawKeeper, shape: (Int) -> Int, into blocks: inout [RawBlock]) {
        for entry in entries {
            let block = keeper.add(
                bytes,
                entry.start..<entry.start + entry.count,
                line: entry.line,
                shape: entry.shape < 0 ? -1 : shape(entry.shape),
                parts: Array(parts[entry.firstPart..<entry.firstPart + entry.parts])
            )
            if let block { blocks.append(block) }
        }
    }
}
