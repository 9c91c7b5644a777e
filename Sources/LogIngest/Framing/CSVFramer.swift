import AzureLogs

/// Cuts comma-separated values as Log Analytics exports them (RFC 4180): a header, then one record a row.
///
/// A row becomes an object of strings with the header's names as keys. Values may hold line feeds inside quotes.
struct CSVFramer: RecordFramer {
    private var window: TextWindow
    private let limit: Int
    private var header: [[UInt8]]?

    init(_ source: TextSource, limits: ReadLimits) {
        window = TextWindow(source)
        limit = limits.recordBytes
    }

    mutating func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        while chunk.count < 1 << 17, let length = nextRow() { row(&chunk, length) }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
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
        if text.allSatisfy(ByteScan.isSpace) { return }
        guard let fields = Self.fields(of: text), length <= limit else {
            let reason = length > limit ? RejectReason.tooLong : .truncatedRecord
            let detail = length > limit ? "the row is longer than \(limit) bytes" : "a quoted value does not end"
            return reject(&chunk, text, reason, detail, line, offset)
        }
        guard let header else {
            header = fields.map { name in
                var quoted: [UInt8] = []
                JSONText.appendString(name[...], to: &quoted)
                return quoted
            }
            return
        }
        guard fields.count == header.count else {
            let detail = "the row has \(fields.count) values for \(header.count) columns"
            return reject(&chunk, text, .notCSV, detail, line, offset)
        }
        var object: [UInt8] = [0x7B]
        for (name, value) in zip(header, fields) where !value.isEmpty {
            if object.count > 1 { object.append(0x2C) }
            object.append(contentsOf: name)
            object.append(0x3A)
            JSONText.appendString(value[...], to: &object)
        }
        object.append(0x7D)
        chunk.append(object[...], line: line, offset: offset)
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

    /// The values of a row, unquoted; nil if a quoted value does not end.
    static func fields(of row: ArraySlice<UInt8>) -> [[UInt8]]? {
        var fields: [[UInt8]] = []
        var value: [UInt8] = []
        var at = row.startIndex
        var end = row.endIndex
        if end > at, row[end - 1] == 0x0A { end -= 1 }
        if end > at, row[end - 1] == 0x0D { end -= 1 }
        while true {
            if at < end, row[at] == 0x22 {
                at += 1
                while true {
                    guard at < end else { return nil }
                    if row[at] != 0x22 {
                        value.append(row[at])
                        at += 1
                    } else if at + 1 < end, row[at + 1] == 0x22 {
                        value.append(0x22)
                        at += 2
                    } else {
                        at += 1
                        break
                    }
                }
            }
            while at < end, row[at] != 0x2C {
                value.append(row[at])
                at += 1
            }
            fields.append(value)
            value.removeAll()
            if at >= end { return fields }
            at += 1
        }
    }
}
