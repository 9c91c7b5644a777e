import AzureLogs
import LogIngest

/// Turns framed records into rows; owned by the parsing task.
///
/// Not copyable: a copy of its tables would be a mistake of milliseconds.
struct RowBuilder: ~Copyable {
    private var reader = RecordReader()
    private var identities: Interner
    private var networks: Interner
    private var agents: Interner
    private var contexts: ContextTable
    private var raw = RawKeeper()
    /// The context of each shape that the reader has learned, by the shape's number.
    private var shapeEntries: [ContextTable.Entry] = []
    private var isPlain = true
    /// Memory for the parts of one record.
    private var parts: [Slice] = []
    private let keepsRaw: Bool
    private var lastLine = 0
    /// The time of the last readable record of the current file.
    private var lastTime: Int64?
    /// How far the times of the current file are out of order.
    private var order = TimeOrder()
    /// The time of the first readable record since the last seam; `.min` for none.
    private var firstTime = Int64.min
    private var waiting = WaitingRejects()
    /// Whether raw texts are only noted: the pieces of a file are put together elsewhere.
    private let isApart: Bool
    /// Whether the text at hand came out of a wrapper.
    private var isWrapped = false

    /// A builder that goes on with the numbers that a database has given to texts.
    ///
    /// - Parameter isApart: whether it reads pieces of files, which `BatchMerger` puts together.
    init(keepsRaw: Bool, _ known: consuming KnownTexts, isApart: Bool = false) {
        self.isApart = isApart
        self.keepsRaw = keepsRaw
        identities = known.identities
        networks = known.networks
        agents = known.agents
        contexts = known.contexts
    }

    /// Reads one record of a chunk into the batch.
    mutating func add(_ record: FramedRecord, of bytes: [UInt8], to batch: inout RowBatch) {
        let range = record.start..<record.start + record.count
        let rejects = batch.rejects.count
        if read(bytes, range, record, &batch) {
            guard batch.rejects.count > rejects, holdsWholeRecords(bytes, range) else { return }
            // A damaged envelope: what is whole in it is read, and only the rest rejected.
            waiting.dropLast(&batch)
            batch.lines -= 1
        }
        // More than one record in the text: each piece counts as a record of its own.
        for piece in RecordSplitter.pieces(of: bytes, in: range) {
            switch piece {
            case .record(let part): addPart(Array(bytes[part]), record, part.lowerBound - record.start, &batch)
            case .rubbish(let part):
                batch.lines += 1
                reject(bytes[part], .notJSON, "text between records that is no record", record, part, &batch)
            case .unclosed(let part):
                batch.lines += 1
                let detail = "the line ends before its envelope is closed; records may be missing behind its last one"
                reject(bytes[part], .truncatedRecord, detail, record, part.upperBound..<part.upperBound, &batch)
            }
        }
    }

    /// Whether a text that was rejected is an envelope, or several records, of which some are whole.
    private func holdsWholeRecords(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        guard bytes[range.lowerBound] == 0x7B else { return false }
        let pieces = RecordSplitter.pieces(of: bytes, in: range)
        return pieces.count > 1 && pieces.contains { if case .record = $0 { true } else { false } }
    }

    /// Begins a file whose times leave the order of day and month open.
    mutating func begin(_ order: DateOrder?) { reader.dateOrder = order }

    /// Ends the file: hands over the raw texts that no block holds yet.
    mutating func finish(_ batch: inout RowBatch) {
        if let block = raw.take() { batch.rawBlocks.append(block) }
        batch.disorder = order.disorder
        forgetPlace()
    }

    /// Ends a piece of a file: hands over what is to be known of it to put it behind the piece before it.
    mutating func endPiece(_ batch: inout RowBatch) {
        batch.seam.firstTime = firstTime == .min ? nil : firstTime
        batch.seam.lastTime = lastTime
        batch.seam.order = order
        // Before the first readable record there was none before.
        batch.seam.leadingRejects = batch.rejects.prefix { $0.previousTime == nil }.count
        forgetPlace()
    }

    /// How many records it has read that had no shape which was known.
    private(set) var missed = 0

    /// What is handed over to whoever puts pieces together from here on.
    func merging(_ batch: RowBatch?) -> Merging {
        Merging(
            known: KnownTexts(identities: identities, networks: networks, agents: agents, contexts: contexts),
            batch: batch,
            raw: raw.pending,
            waiting: waiting,
            lastTime: lastTime,
            lastLine: lastLine,
            order: order
        )
    }

    private mutating func forgetPlace() {
        lastLine = 0
        order = TimeOrder()
        lastTime = nil
        firstTime = .min
        waiting.clear()
    }

    /// How many texts of devices and of contexts it holds.
    var size: (identities: Int, contexts: Int) { (identities.count, contexts.count) }

    /// Reads what was cut and what could not be, in the order of the file, until the batch holds as much as it may.
    ///
    /// - Parameters:
    ///   - at: the next record.
    ///   - rejected: the next reject.
    mutating func fill(
        _ batch: inout RowBatch,
        from chunk: borrowing RecordChunk,
        _ at: inout Int,
        _ rejected: inout Int,
        upTo capacity: Int = RowBatch.capacity
    ) {
        while batch.load < capacity {
            let offset = rejected < chunk.rejects.count ? chunk.rejects[rejected].offset : Int.max
            if at < chunk.records.count, chunk.records[at].offset < offset {
                add(chunk.records[at], of: chunk.bytes, to: &batch)
                at += 1
            } else if rejected < chunk.rejects.count {
                add(chunk.rejects[rejected], to: &batch)
                rejected += 1
            } else {
                return
            }
        }
    }

    /// Notes a text that could not be cut into a record.
    mutating func add(_ reject: FramingReject, to batch: inout RowBatch) {
        batch.lines += 1
        note(
            Reject(
                line: reject.line,
                offset: reject.offset,
                reason: reject.reason,
                detail: reject.detail,
                sample: SafeSample.make(reject.sample),
                rest: reject.rest
            ),
            &batch
        )
    }

    /// Takes the rejects that have met no readable record behind them out of a batch that is handed on.
    mutating func takeWaitingRejects(of batch: inout RowBatch) -> [Reject] { waiting.take(of: &batch) }

    private mutating func note(_ reject: Reject, _ batch: inout RowBatch) {
        var reject = reject
        reject.previousTime = lastTime
        waiting.note(reject, &batch)
    }

    private mutating func addPart(_ part: [UInt8], _ record: FramedRecord, _ distance: Int, _ batch: inout RowBatch) {
        // The reader wants a control byte behind the record, which only a copy can have.
        var padded = part
        padded.append(contentsOf: repeatElement(0, count: RecordChunk.padding))
        var place = record
        place.offset += distance
        if !read(padded, 0..<part.count, place, &batch) {
            batch.lines += 1
            let detail = "an envelope inside of an envelope, or text behind a record"
            reject(part[...], .notJSON, detail, place, 0..<part.count, &batch)
        }
    }

    /// Reads a record out of a wrapper; it stands on the wrapper's line.
    private mutating func addWrapped(_ text: [UInt8], _ record: FramedRecord, _ batch: inout RowBatch) {
        let trimmed = text.drop { $0 <= 0x20 }
        var padded = Array(trimmed)
        while let last = padded.last, last <= 0x20 { padded.removeLast() }
        let count = padded.count
        padded.append(contentsOf: repeatElement(0, count: RecordChunk.padding))
        // Wrappers are taken off down to the records; what is still none is no record of ours.
        isWrapped = true
        defer { isWrapped = false }
        if !read(padded, 0..<count, record, &batch) {
            batch.lines += 1
            reject(padded[..<count], .notJSON, "several records where a wrapper has one", record, 0..<count, &batch)
        }
    }

    /// Reads a text; false if it holds several records.
    private mutating func read(
        _ bytes: [UInt8],
        _ range: Range<Int>,
        _ record: FramedRecord,
        _ batch: inout RowBatch
    ) -> Bool {
        switch reader.read(bytes.span.bytes, range) {
        case .several: return false
        case .event: event(bytes, range, record, &batch)
        case .snapshot(let snapshot): batch.snapshots.append((snapshot, record.line))
        case .ignored(let name): batch.ignored[name, default: 0] += 1
        case .wrapped where isWrapped:
            reject(bytes[range], .notALogRecord, "a wrapper inside of a wrapper", record, range, &batch)
        case .wrapped(let texts):
            for text in texts { addWrapped(text, record, &batch) }
            return true
        case .rejected(let reason, let detail): reject(bytes[range], reason, detail, record, range, &batch)
        }
        batch.lines += 1
        return true
    }

    private mutating func reject(
        _ text: ArraySlice<UInt8>,
        _ reason: RejectReason,
        _ detail: String,
        _ record: FramedRecord,
        _ range: Range<Int>,
        _ batch: inout RowBatch
    ) {
        note(
            Reject(
                line: record.line,
                offset: record.offset + max(0, range.lowerBound - record.start),
                reason: reason.rawValue,
                detail: detail,
                sample: SafeSample.make(text),
                rest: DamagedRecord.scan(text)
            ),
            &batch
        )
    }

    private mutating func event(_ bytes: [UInt8], _ range: Range<Int>, _ record: FramedRecord, _ batch: inout RowBatch)
    {
        let draft = reader.draft
        if draft.isInSource {
            row(draft, shapeEntries[draft.shape], bytes.span.bytes, record, &batch)
        } else {
            missed += 1
            let (entry, new) = contexts.find(reader)
            if let new { batch.contexts.append((Int(entry.id), new)) }
            // Shapes get their numbers one after the other, each with the record that it was learned from.
            if draft.shape == shapeEntries.count { shapeEntries.append(entry) }
            let text = reader.text
            row(draft, entry, text.span.bytes, record, &batch)
        }
        if keepsRaw, !isPlain {
            let shape = reader.varyingParts(into: &parts) ? draft.shape : -1
            if isApart {
                batch.seam.rawTexts.add(bytes, range, line: record.line, shape: shape, parts: parts)
            } else if let block = raw.add(bytes, range, line: record.line, shape: shape, parts: parts) {
                batch.rawBlocks.append(block)
            }
        }
    }

    /// Makes the row of a draft; `isPlain` then says whether the record's text need not be kept.
    @inline(__always)
    private mutating func row(
        _ draft: EventDraft,
        _ entry: ContextTable.Entry,
        _ text: RawSpan,
        _ record: FramedRecord,
        _ batch: inout RowBatch
    ) {
        lastTime = draft.ticks / 10
        order.add(draft.ticks / 10)
        if firstTime == .min { firstTime = draft.ticks / 10 }
        if waiting.count > 0 { waiting.end(draft.ticks / 10, &batch) }
        isPlain = entry.isPlainSuccess || entry.ignored >= 0
        if entry.ignored >= 0 {
            batch.ignored[contexts.ignoredCategories[Int(entry.ignored)], default: 0] += 1
            return
        }
        var row = EventRow()
        row.time = draft.ticks / 10
        row.line = record.line
        row.sharesLine = record.line == lastLine
        lastLine = record.line
        row.context = entry.id
        row.isStrong = draft.hasOwnIdentity
        var hash = Fingerprint.mix(entry.fingerprint ^ UInt64(draft.ticks % 10), draft.unknownSum | 1)
        row.identity = Self.intern(text, draft.identity, &identities, &batch.identities, &hash)
        row.target = Self.intern(text, draft.target, &identities, &batch.identities, &hash)
        row.network = Self.intern(text, draft.network, &networks, &batch.networks, &hash)
        row.agent = Self.intern(text, draft.agent, &agents, &batch.agents, &hash)
        row.duration = draft.duration ?? -1
        hash = Fingerprint.mix(hash ^ UInt64(bitPattern: row.duration), 0x9E37_79B9_7F4A_7C15)
        switch draft.correlation {
        case .none: break
        case .guid(let high, let low):
            row.correlationKind = 1
            row.correlation0 = high
            row.correlation1 = low
            hash = Fingerprint.mix(hash ^ high, low ^ 0xE703_7ED1_A0B4_28DB)
        case .text(let slice):
            let text = SecretRedaction.redactName(Self.string(text, slice))
            row.correlationKind = 2
            row.correlation0 = UInt64(batch.correlations.count)
            batch.correlations.append(text)
            hash = Fingerprint.mix(hash, Fingerprint.hash(text, seed: 7) | 1)
        }
        row.hash = Int64(bitPattern: hash)
        batch.rows.append(row)
    }

    @inline(__always)
    private static func intern(
        _ text: RawSpan,
        _ slice: Slice,
        _ interner: inout Interner,
        _ new: inout [NewText],
        _ hash: inout UInt64
    ) -> Int32 {
        if slice.isEmpty {
            hash = Fingerprint.mix(hash, 0x8EBC_6AF0_9C88_C6E3)
            return 0
        }
        let entry = interner.intern(text, slice)
        if entry.isNew { new.append(NewText(id: Int(entry.id), text: interner.redacted ?? string(text, slice))) }
        hash = Fingerprint.mix(hash ^ entry.hash, 0x5899_65CC_7537_4CC3)
        return entry.id
    }

    private static func string(_ text: RawSpan, _ slice: Slice) -> String {
        text.extracting(Int(slice.offset)..<Int(slice.offset + slice.count)).withUnsafeBytes {
            String(decoding: $0, as: UTF8.self)
        }
    }
}
