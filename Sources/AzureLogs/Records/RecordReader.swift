/// Reads one record after another: bytes in, drafts out.
///
/// It keeps what it learned of the keys' order and of whole records, so one reader belongs to one task. A record is read
///
/// 1. by a shape that was met before,
/// 2. else, if it has a category or an operation, member by member,
/// 3. else through `JSONTree`: Event Grid events, exports and what shippers put around records.
public struct RecordReader: Sendable {
    /// The last record that `read` called an event; of any other it may be half filled.
    public private(set) var draft = EventDraft()
    /// The text that the draft's slices refer to unless they are in the source, with 32 readable bytes behind the last.
    public private(set) var text: [UInt8] = []

    /// The order of day and month in times whose form leaves it open; nil if nothing decides it.
    public var dateOrder: DateOrder?

    private var recordKeys = KeyTable(.record)
    var propertyKeys = KeyTable(.properties)
    var authenticationKeys = KeyTable(.authentication)
    private var times = TimestampReader()
    private var shapes = ShapeTree()
    private var sightings: ShapeSightings
    /// The parts of the last record that was read by its shape.
    private var parts = ShapeParts()
    /// How many more records may be tried to learn from: no file can make the reader learn for ever.
    private var lessons: Int
    var fields = FieldRefs()
    /// One slice a slot, of the last record that was not read by its shape.
    private var slices = [Slice](repeating: Slice(), count: FieldSlot.properties.rawValue)
    /// Where the shared texts of the last record that was not read by its shape stand in `text`: in the order of
    /// `EventContext.columns`, with a byte 0xFF behind each, which is in no text.
    public private(set) var contextRange = 0..<0
    /// A hash of these bytes.
    public private(set) var contextHash: UInt64 = 0
    /// Texts without their escapes, by how often they were encoded.
    ///
    /// Three and no array: the next one is written while the one before is read, which in an array would be one access to
    /// both.
    var scratch1 = Scratch(level: 1)
    var scratch2 = Scratch(level: 2)
    var scratch3 = Scratch(level: 3)

    /// A reader that has learned nothing yet.
    public init() { self.init(lessons: 20_000) }

    /// A reader that learns at most a number of shapes; with 0 all records are read the general way.
    ///
    /// - Parameter isEager: whether a shape is learned from the first record that has it.
    init(lessons: Int, isEager: Bool = false) {
        self.lessons = lessons
        sightings = ShapeSightings(isEager: isEager)
    }

    /// Reads the object in `source[range]`.
    ///
    /// - Parameters:
    ///   - source: text with at least 32 readable bytes behind the range, the first of them a control byte.
    ///   - range: the record without white space at its ends.
    @inline(__always)
    public mutating func read(_ source: RawSpan, _ range: Range<Int>) -> Reading {
        parts = ShapeParts()
        let shape = shapes.match(source, range, &parts)
        if shape >= 0, fill(shape, source) { return .event }
        return readAndLearn(source, range)
    }

    /// Fills the draft with a record of a known shape; false if its time cannot be read.
    private mutating func fill(_ index: Int, _ source: RawSpan) -> Bool {
        let parts = parts
        let time = Int(parts.time.offset)..<Int(parts.time.offset &+ parts.time.count)
        guard let ticks = times.parse(source, time) else { return false }
        let shape = shapes.shape(index)
        draft.shape = index
        draft.isInSource = true
        draft.ticks = ticks
        draft.duration = parts.duration.isEmpty ? shape.duration : DecimalText.integer(source, parts.duration)
        draft.correlation = GUIDText.correlation(source, parts.correlation)
        draft.unknownSum = shape.unknownSum
        draft.agent = parts.sdk
        draft.network = parts.maskedAddress.isEmpty ? parts.callerAddress : parts.maskedAddress
        draft.identity = Self.identity(parts.registrationId, parts.id, parts.deviceId)
        draft.target = Slice()
        let device = parts.deviceId
        if !device.isEmpty, device != draft.identity {
            let identity = draft.identity
            let isSame =
                device.count == identity.count
                && Fingerprint.equal(source, Int(device.offset), source, Int(identity.offset), Int(device.count))
            if !isSame { draft.target = device }
        }
        return true
    }

    @inline(__always)
    private static func identity(_ registrationId: Slice, _ id: Slice, _ deviceId: Slice) -> Slice {
        if !registrationId.isEmpty { return registrationId }
        return id.isEmpty ? deviceId : id
    }

    @inline(never)
    private mutating func readAndLearn(_ source: RawSpan, _ range: Range<Int>) -> Reading {
        draft.shape = -1
        draft.isInSource = false
        let reading = readGenerally(source, range)
        if lessons > 0, case .event = reading, fields.isLogRecord,
            sightings.isKnown(Fingerprint.mix(contextHash ^ fields.keysHash, fields.unknownSum | 1))
        {
            learn(source, range)
        }
        return reading
    }

    /// Learns the shape of the record that was just read, if its parts are exactly what was read.
    private mutating func learn(_ source: RawSpan, _ range: Range<Int>) {
        lessons -= 1
        var record = bytes(of: source, range)
        record.append(0x0A)
        record.append(contentsOf: repeatElement(0, count: 40))
        guard let pieces = ShapeLearner.pieces(record, count: range.count) else { return }
        var parts: [ShapePart: Range<Int>] = [:]
        for piece in pieces { if let part = piece.part { parts[part] = piece.range } }
        for slot in FieldSlot.allCases where slot.rawValue < FieldSlot.properties.rawValue {
            guard let part = ShapePart(slot) else { continue }
            let range = parts[part] ?? (part == .duration ? parts[.durationNumber] : nil)
            let value = slices[slot.rawValue]
            let read = text[Int(value.offset)..<Int(value.offset + value.count)]
            // A duration that is no part is the same in every record of the shape.
            if range == nil, part == .duration { continue }
            guard record[range ?? 0..<0].elementsEqual(read) else { return }
        }
        let isPart = parts[.duration] != nil || parts[.durationNumber] != nil
        let shape = Shape(
            duration: isPart ? nil : draft.duration,
            unknownSum: draft.unknownSum,
            isWhole: parts[.dropped] == nil
        )
        draft.shape = shapes.add(pieces, record.span.bytes, shape) ?? -1
    }

    private mutating func readGenerally(_ source: RawSpan, _ range: Range<Int>) -> Reading {
        guard Scan.isValidUTF8(source, range) else {
            return .rejected(.invalidUTF8, detail: "the bytes are not UTF-8")
        }
        if Scan.byte(source, range.lowerBound) == 0x22 { return quoted(bytes(of: source, range)) }
        guard Scan.byte(source, range.lowerBound) == 0x7B else {
            return .rejected(.notJSON, detail: "a record begins with {")
        }
        fields.clear()
        scratch1.used = 0
        scratch2.used = 0
        scratch3.used = 0
        var at = range.lowerBound
        var fault = MemberReader.members(source, 0, &at, &recordKeys, &fields, &scratch1, weak: false)
        if fault == .none, fields.hasRecords { return .several }
        if fault == .none, at > range.upperBound { fault = .truncated }
        if fault != .none { return Self.rejection(fault, atEnd: at >= range.upperBound) }
        if at < range.upperBound {
            Scan.skipSpace(source, &at)
            if at < range.upperBound { return .several }
        }
        // The activity log as the CLI lists it has objects where a record has names.
        if !fields.isLogRecord || fields[.category].kind == .object || fields[.operation].kind == .object {
            let reading = UncategorizedRecords.read(bytes(of: source, range), into: &draft, &slices, text: &text)
            if case .event = reading { noteContext(slices, text) }
            return reading
        }
        if fields.mayWrap, fields[.time].count == 0 || ignored(source) != nil,
            let tree = JSONTree.parse(bytes(of: source, range)), let records = Wrapper.records(in: tree)
        {
            return .wrapped(records)
        }
        // A record that is not used is told by its category, whatever else is wrong with it.
        if let rejection = readProperties(source) { return ignored(source) ?? rejection }
        let reading = finish(source)
        if case .rejected = reading { return ignored(source) ?? reading }
        return reading
    }

    /// Notes where the shared texts stand, of which each has its separator behind it.
    private mutating func noteContext(_ slices: [Slice], _ text: [UInt8]) {
        let (first, last) = (slices[0], slices[FieldSlot.contextCount - 1])
        contextRange = Int(first.offset)..<Int(last.offset + last.count) + 1
        contextHash = Fingerprint.hash(text.span.bytes, contextRange.lowerBound, contextRange.count, seed: 0x636F_6E)
    }

    /// A record's text inside of a JSON string.
    private func quoted(_ text: [UInt8]) -> Reading {
        guard case .string(let inner) = JSONTree.parse(text), let records = Wrapper.records(inText: inner) else {
            return .rejected(.notJSON, detail: "a record begins with {")
        }
        return .wrapped(records)
    }

    /// The name that the current record is ignored by, judged by what does not stand in `properties`; nil if it is used.
    private func ignored(_ source: RawSpan) -> Reading? {
        let texts = (0..<FieldSlot.contextCount).map { index in
            let ref = fields.at(index)
            guard ref.kind != .null, ref.count > 0, ref.level < 2 else { return "" }
            let range = Int(ref.start)..<ref.end
            let bytes = ref.level == 0 ? self.bytes(of: source, range) : Array(scratch1.bytes[range])
            let text = String(decoding: bytes, as: UTF8.self)
            return text == "None" ? "" : text
        }
        let context = EventContext(verbatim: texts)
        return context.isIgnored ? .ignored(context.ignoredName) : nil
    }

    private static func rejection(_ fault: JSONFault, atEnd: Bool) -> Reading {
        switch fault {
        case .tooDeep: .rejected(.tooDeep, detail: "containers are nested more than \(JSONCursor.maxDepth) deep")
        case .truncated where atEnd: .rejected(.truncatedRecord, detail: "the record stops before its end")
        default: .rejected(.notJSON, detail: "the record is not valid JSON")
        }
    }

    private func bytes(of source: RawSpan, _ range: Range<Int>) -> [UInt8] {
        range.map { Scan.byte(source, $0) }
    }

    /// Slots that hold the id of a device or registration, which may be any text.
    private static let ids = FieldSlot.registrationId.rawValue...FieldSlot.deviceId.rawValue

    /// Brings all known values into one text and reads the numbers among them.
    private mutating func finish(_ source: RawSpan) -> Reading {
        var flat = FlatText(reusing: text)
        text = []
        defer { text = flat.bytes }
        var slices = self.slices
        self.slices = []
        defer { self.slices = slices }
        for index in 0..<FieldSlot.properties.rawValue {
            let ref = fields.at(index)
            if ref.count == 0 {
                slices[index] = flat.nothing
            } else {
                let isName = !fields.isFromCLI && Self.ids.contains(index)
                switch ref.level {
                case 0: slices[index] = flat.append(source, ref, isName: isName)
                case 1: slices[index] = flat.append(scratch1.bytes.span.bytes, ref, isName: isName)
                case 2: slices[index] = flat.append(scratch2.bytes.span.bytes, ref, isName: isName)
                default: slices[index] = flat.append(scratch3.bytes.span.bytes, ref, isName: isName)
                }
            }
            if index < FieldSlot.contextCount { flat.separate() }
        }
        func slice(_ slot: FieldSlot) -> Slice { slices[slot.rawValue] }
        let numbers = flat.bytes.span.bytes
        noteContext(slices, flat.bytes)
        let time = slice(.time)
        if time.isEmpty { return .rejected(.noTime, detail: "the record has no time") }
        let range = Int(time.offset)..<Int(time.offset + time.count)
        if let ticks = times.parse(numbers, range) {
            draft.ticks = ticks
        } else {
            // Other forms are looked at only when nothing else fits.
            let text = flat.string(time)
            let written = WrittenTime.parse(text)
            guard let ticks = written?.ticks(dateOrder) else {
                if let written, written.isOpen, dateOrder == nil {
                    return .rejected(.ambiguousDate, detail: WrittenTime.openDetail(text))
                }
                let detail =
                    "the time \(WrittenTime.shown(text)) is in no form that is known, as 2026-11-20T08:15:30Z is"
                return .rejected(.badTime, detail: detail)
            }
            draft.ticks = ticks
        }
        draft.duration = DecimalText.integer(numbers, slice(.duration))
        draft.correlation = GUIDText.correlation(numbers, slice(.correlation))
        draft.unknownSum = fields.unknownSum
        draft.agent = slice(.sdk)
        draft.network = slice(.maskedAddress).isEmpty ? slice(.callerAddress) : slice(.maskedAddress)
        draft.identity = Self.identity(slice(.registrationId), slice(.id), slice(.deviceId))
        draft.target = Slice()
        let device = slice(.deviceId)
        if !device.isEmpty, device != draft.identity, !flat.equal(device, draft.identity) { draft.target = device }
        return .event
    }
}

extension RecordReader {
    /// The shared texts as they stood in the last record that was not read by its shape, in the order of
    /// `EventContext.columns`.
    public var contextSlices: ArraySlice<Slice> { slices.prefix(FieldSlot.contextCount) }

    /// The shared texts themselves.
    public func contextTexts() -> [String] { contextSlices.map(string) }

    /// Where the parts that vary stand in a record that was read by its shape, in the order of the text; false if it was
    /// not, or if other parts vary as well.
    public func varyingParts(into slices: inout [Slice]) -> Bool {
        guard draft.isInSource, shapes.shape(draft.shape).isWhole else { return false }
        parts.ordered(into: &slices)
        return true
    }

    /// A part of the reader's own text.
    public func string(_ slice: Slice) -> String {
        String(decoding: text[Int(slice.offset)..<Int(slice.offset + slice.count)], as: UTF8.self)
    }
}
