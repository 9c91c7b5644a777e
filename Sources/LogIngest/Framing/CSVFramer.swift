import AzureLogs

/// Cuts values with a header as Log Analytics, Data Explorer, Excel and PowerShell export them (RFC 4180): a header, then
/// one record a row.
///
/// A row becomes an object of strings with the header's names as keys, its time in UTC. Values may hold line feeds inside
/// quotes. A row with fewer values than the header has columns is one whose last values Excel left out, if the row behind
/// it begins as a row does; else it was cut.
struct CSVFramer: RecordFramer {
    private var window: TextWindow
    private let limit: Int
    private let header: CSVHeader
    /// What the form of a time leaves open; nil to hand times on as they stand.
    var dates: DateReading?
    /// Whether a time was refused because nobody said its zone.
    private(set) var lacksZone = false
    private var isInBody = false
    /// A row with too few values, until the next one shows what it is.
    private var short: Row?

    private struct Row {
        var fields: [[UInt8]]
        var text: [UInt8]
        var line: Int
        var offset: Int
    }

    init(_ source: TextSource, header: CSVHeader, limits: ReadLimits) {
        window = TextWindow(source)
        limit = limits.recordBytes
        self.header = header
    }

    mutating func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        if !isInBody { skipHeader() }
        while chunk.count < 1 << 17, chunk.rejects.count < 4096 {
            guard let length = nextRow() else {
                endShort(&chunk, isWhole: window.lastByte == 0x0A)
                break
            }
            row(&chunk, length)
        }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
    }

    /// Goes behind the header and the lines before it.
    private mutating func skipHeader() {
        isInBody = true
        while window.offset < header.start, let length = nextLine() { window.advance(to: window.start + length) }
        if let length = nextRow() { window.advance(to: window.start + length) }
    }

    private mutating func nextLine() -> Int? {
        while true {
            let stop = ByteScan.lineFeed(in: window.bytes, from: window.start, to: window.end)
            if stop < window.end { return stop + 1 - window.start }
            if !window.more() { return window.count > 0 ? window.count : nil }
        }
    }

    /// Length of the row at the window's start with its line end, nil at the end of the text.
    private mutating func nextRow() -> Int? {
        var quoted = false
        var length = 0
        while true {
            while window.start + length < window.end {
                let byte = window.bytes[window.start + length]
                length += 1
                if byte == 0x22 { quoted.toggle() }
                if byte == 0x0A && !quoted { return length }
                if length > limit { return length }
            }
            if !window.more() { return length > 0 ? length : nil }
        }
    }

    private mutating func row(_ chunk: inout RecordChunk, _ length: Int) {
        let text = window.bytes[window.start..<window.start + length]
        let line = window.line
        let offset = window.offset
        defer { window.advance(to: window.start + length) }
        // Excel writes rows of nothing but separators for cells that were cleared.
        if text.allSatisfy({ ByteScan.isSpace($0) || $0 == header.separator }) { return }
        guard var fields = CSVText.values(of: text, header.separator), length <= limit else {
            let reason = length > limit ? RejectReason.tooLong : .truncatedRecord
            let detail = length > limit ? "the row is longer than \(limit) bytes" : "a quoted value does not end"
            endShort(&chunk, isWhole: false)
            return reject(&chunk, text, reason, detail, line, offset)
        }
        while fields.count > header.names.count, fields.last?.isEmpty == true { fields.removeLast() }
        if fields.count > header.names.count {
            endShort(&chunk, isWhole: false)
            let detail =
                "the row has \(fields.count) values for \(header.names.count) columns; a value that holds the separator"
                + " must stand in quotes"
            return reject(&chunk, text, .notCSV, detail, line, offset)
        }
        let row = Row(fields: fields, text: Array(text), line: line, offset: offset)
        if fields.count == header.names.count {
            endShort(&chunk, isWhole: true)
            emit(&chunk, row)
        } else {
            endShort(&chunk, isWhole: beginsAsARow(fields))
            short = row
        }
    }

    /// Ends the waiting of a row with too few values.
    ///
    /// - Parameter isWhole: whether what follows it begins as a row does.
    private mutating func endShort(_ chunk: inout RecordChunk, isWhole: Bool) {
        guard let row = short else { return }
        short = nil
        if isWhole, beginsAsARow(row.fields) { return emit(&chunk, row) }
        let detail = "the row has \(row.fields.count) values for \(header.names.count) columns"
        reject(&chunk, row.text[...], .notCSV, detail, row.line, row.offset)
    }

    /// Whether values have a time where the header has it, and more than that.
    private func beginsAsARow(_ fields: [[UInt8]]) -> Bool {
        guard fields.count > 1, let column = header.times.keys.min(), column < fields.count else { return false }
        let value = String(decoding: fields[column], as: UTF8.self)
        return Timestamp.parse(value) != nil || WrittenTime.parse(value) != nil
    }

    private mutating func emit(_ chunk: inout RecordChunk, _ row: Row) {
        var object: [UInt8] = [0x7B]
        for (index, value) in row.fields.enumerated() where !value.isEmpty {
            var value = value
            if let zone = header.times[index], let dates {
                switch Self.time(value, zone, dates) {
                case .text(let text): value = text
                case .refused(let reason, let detail):
                    if reason == .localTime { lacksZone = true }
                    return reject(&chunk, row.text[...], reason, detail, row.line, row.offset)
                }
            }
            if object.count > 1 { object.append(0x2C) }
            object.append(contentsOf: header.names[index])
            object.append(0x3A)
            JSONText.appendString(value[...], to: &object)
        }
        object.append(0x7D)
        chunk.append(object[...], line: row.line, offset: row.offset)
    }

    private enum Time {
        case text([UInt8])
        case refused(RejectReason, String)
    }

    /// Brings a time into RFC 3339; what is in no known form stays as it is, for the reader to refuse.
    private static func time(_ value: [UInt8], _ zone: CSVHeader.Zone, _ dates: DateReading) -> Time {
        let text = String(decoding: value, as: UTF8.self)
        if zone == .utc, Timestamp.parseRFC3339(text) != nil { return .text(value) }
        guard let written = WrittenTime.parse(text) else { return .text(value) }
        guard let local = written.localTicks(dates.order) else {
            return written.isOpen ? .refused(.ambiguousDate, WrittenTime.openDetail(text)) : .text(value)
        }
        let utc: Int64
        if let offset = written.offset {
            utc = local - Int64(offset) * Timestamp.ticksPerSecond
        } else {
            switch zone {
            case .utc: utc = local
            case .offset(let offset): utc = local - Int64(offset) * Timestamp.ticksPerSecond
            case .local(let name):
                let said = "\(WrittenTime.shown(text)) is local time without an offset ([\(WrittenTime.shown(name))])"
                guard let clock = dates.zone else {
                    return .refused(.localTime, "\(said); export in UTC, or give --time-zone")
                }
                switch clock.utc(local) {
                case .ticks(let ticks): utc = ticks
                case .twice:
                    return .refused(.localTime, "\(said), and \(clock.name) had that hour twice; export in UTC")
                case .never: return .refused(.localTime, "\(said), which \(clock.name) never had; is it another zone?")
                }
            }
        }
        guard let stamp = Timestamp.format(ticks: utc) else { return .text(value) }
        return .text(Array(stamp.utf8))
    }

    private func reject(
        _ chunk: inout RecordChunk,
        _ text: ArraySlice<UInt8>,
        _ reason: RejectReason,
        _ detail: String,
        _ line: Int,
        _ offset: Int
    ) {
        chunk.rejects.append(
            FramingReject(reason: reason, detail: detail, line: line, offset: offset, text: text)
        )
    }
}
