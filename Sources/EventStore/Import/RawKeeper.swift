import AzureLogs

/// Collects the raw texts of records that are no plain success, in blocks that compress well.
///
/// A record of the same shape as one before in its block is kept as what differs: its parts that vary. `RawRecords` reads
/// the entries, of which there are three:
///
///     R line length LF text LF                            a text as it is
///     T line length parts (offset count)… LF text LF      the same, with the places of the parts that vary
///     D line number LF part TAB part … LF                 the text of the block's T with this number, with other parts
struct RawKeeper: ~Copyable {
    private static let blockBytes = 1 << 16
    /// A block that is not full yet, and what is known of shapes.
    struct Pending: Sendable {
        fileprivate var buffer: [UInt8] = []
        fileprivate var firstLine = 0
        fileprivate var lastLine = 0
        fileprivate var texts = 0
        fileprivate var templates: [Int: Int] = [:]
        fileprivate var plainShapes: Set<Int> = []

        init() {}
    }

    private var buffer: [UInt8] = []
    private var firstLine = 0
    private var lastLine = 0
    private var texts = 0
    /// The number of each shape's T in the block at hand.
    private var templates: [Int: Int] = [:]
    /// Shapes of which a text was searched and has no secret: the keys before the parts that vary name none, so only the
    /// parts of later texts need a look.
    private var plainShapes: Set<Int> = []
    private let compressor = BlockCompressor()

    /// A keeper that goes on where another stopped.
    init(_ pending: Pending = Pending()) {
        (buffer, firstLine, lastLine, texts) = (pending.buffer, pending.firstLine, pending.lastLine, pending.texts)
        (templates, plainShapes) = (pending.templates, pending.plainShapes)
    }

    /// What another keeper goes on with.
    var pending: Pending {
        var pending = Pending()
        (pending.buffer, pending.firstLine, pending.lastLine, pending.texts) = (buffer, firstLine, lastLine, texts)
        (pending.templates, pending.plainShapes) = (templates, plainShapes)
        return pending
    }

    /// Adds a record's text; gives back a block when one is full.
    ///
    /// - Parameters:
    ///   - bytes: the text that the record is in.
    ///   - range: the record.
    ///   - line: the line on which it begins.
    ///   - shape: the shape by which it was read, -1 for none.
    ///   - parts: where its parts stand in `bytes` that vary within the shape.
    mutating func add(_ bytes: [UInt8], _ range: Range<Int>, line: Int, shape: Int, parts: [Slice]) -> RawBlock? {
        // A block's lines must be a range of their own: records that share a line stay together.
        var full: RawBlock?
        if buffer.count > Self.blockBytes, line > lastLine { full = take() }
        if buffer.isEmpty { firstLine = line }
        lastLine = max(lastLine, line)
        texts += 1
        if shape >= 0, let number = templates[shape], !mayHoldSecret(bytes, parts) {
            // All else is the text of the T, in which nothing was found.
            head(0x44, line, number)
            buffer[buffer.count - 1] = 0x0A
            for part in parts {
                buffer.append(contentsOf: bytes[Int(part.offset)..<Int(part.offset + part.count)])
                buffer.append(0x09)
            }
            buffer[buffer.count - 1] = 0x0A
        } else if let text = redacted(bytes, range, shape, parts) {
            head(0x52, line, text.count)
            append(text[...])
        } else {
            // A text of which only a part had to be searched may have its T already.
            let isTemplate = shape >= 0 && templates[shape] == nil
            head(isTemplate ? 0x54 : 0x52, line, range.count)
            if isTemplate {
                templates[shape] = templates.count
                for part in parts {
                    decimal(Int(part.offset) - range.lowerBound)
                    decimal(Int(part.count))
                }
            }
            append(bytes[range])
        }
        return full
    }

    /// The text without its secrets; nil if it has none.
    private mutating func redacted(_ bytes: [UInt8], _ range: Range<Int>, _ shape: Int, _ parts: [Slice]) -> [UInt8]? {
        if shape >= 0, plainShapes.contains(shape), !mayHoldSecret(bytes, parts) { return nil }
        if SecretRedaction.mayHoldSecret(bytes.span.bytes, range) {
            let written = bytes[range]
            let text = Array(SecretRedaction.redact(String(decoding: written, as: UTF8.self)).utf8)
            if !text.elementsEqual(written) { return text }
        }
        if shape >= 0, plainShapes.count < 1 << 14 { plainShapes.insert(shape) }
        return nil
    }

    private func mayHoldSecret(_ bytes: [UInt8], _ parts: [Slice]) -> Bool {
        let text = bytes.span.bytes
        for part in parts
        where SecretRedaction.mayHoldSecret(text, Int(part.offset)..<Int(part.offset + part.count)) {
            return true
        }
        return false
    }

    private mutating func head(_ kind: UInt8, _ line: Int, _ number: Int) {
        buffer.append(kind)
        buffer.append(0x20)
        decimal(line)
        decimal(number)
    }

    private mutating func append(_ text: ArraySlice<UInt8>) {
        buffer[buffer.count - 1] = 0x0A
        buffer.append(contentsOf: text)
        buffer.append(0x0A)
    }

    /// A number and a space.
    private mutating func decimal(_ number: Int) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            buffer.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
        buffer.append(0x20)
    }

    /// The block of what was added since the last one, nil if nothing was.
    mutating func take() -> RawBlock? {
        defer {
            buffer.removeAll(keepingCapacity: true)
            templates.removeAll(keepingCapacity: true)
            (lastLine, texts) = (0, 0)
        }
        guard !buffer.isEmpty, let data = compressor.compress(buffer) else { return nil }
        return RawBlock(firstLine: firstLine, lastLine: lastLine, texts: texts, data: data)
    }
}
