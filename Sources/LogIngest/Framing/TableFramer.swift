import AzureLogs

/// Cuts the answer of the Log Analytics query API, `{"tables":[{"columns":[…],"rows":[[…],…]}]}`.
///
/// A row becomes an object with the columns' names as keys, which is what the reader knows.
struct TableFramer: RecordFramer {
    private var window: TextWindow
    private let limit: Int
    /// The columns' names as JSON strings; empty until a table's columns were read.
    private var columns: [[UInt8]] = []
    private var inRows = false
    private var failed = false

    init(_ source: TextSource, limits: ReadLimits) {
        window = TextWindow(source)
        limit = limits.recordBytes
    }

    /// Cut off where the rows were not closed, also between two of them.
    var ending: FileEnding {
        window.ended && window.count == 0 && inRows ? .truncated("the text ends before its table is closed") : .complete
    }

    mutating func fill(_ chunk: inout RecordChunk) -> Bool {
        chunk.clear()
        while chunk.count < 1 << 17 && !failed {
            if inRows {
                if !window.skipSeparators() { break }
                if window.bytes[window.start] == 0x5B {
                    row(&chunk)
                } else {
                    inRows = false
                    window.advance(to: window.start + 1)
                }
            } else if !findMember(&chunk) {
                break
            }
        }
        return !(chunk.records.isEmpty && chunk.rejects.isEmpty)
    }

    /// Goes to the next `"columns":[` or `"rows":[`, whatever stands around them; false if there is none.
    private mutating func findMember(_ chunk: inout RecordChunk) -> Bool {
        while true {
            var at = window.start
            while at < window.end {
                if window.bytes[at] == 0x22, window.end - at < 64, !window.ended { break }
                if let contents = arrayMember("columns", at) {
                    window.advance(to: contents)
                    readColumns(&chunk)
                    return true
                }
                if let contents = arrayMember("rows", at) {
                    window.advance(to: contents + 1)
                    inRows = true
                    return true
                }
                at += 1
            }
            window.advance(to: at)
            if !window.more() { return false }
        }
    }

    /// The position of `[` if the member of this name with an array as its value begins at `at`.
    private func arrayMember(_ name: String, _ at: Int) -> Int? {
        let quoted = Array("\"\(name)\"".utf8)
        guard at + quoted.count < window.end, window.bytes[at..<at + quoted.count].elementsEqual(quoted) else {
            return nil
        }
        var next = at + quoted.count
        while next < window.end, ByteScan.isSpace(window.bytes[next]) || window.bytes[next] == 0x3A { next += 1 }
        return next < window.end && window.bytes[next] == 0x5B ? next : nil
    }

    private mutating func readColumns(_ chunk: inout RecordChunk) {
        guard let (elements, end) = wholeArray(&chunk) else { return }
        columns = elements.map { element in nameMember(of: element) }
        window.advance(to: end)
    }

    /// The value of `"name"` of a column's object, as the JSON string that it is.
    private func nameMember(of element: Range<Int>) -> [UInt8] {
        let key = Array("\"name\"".utf8)
        var at = element.lowerBound
        while at + key.count < element.upperBound {
            if window.bytes[at..<at + key.count].elementsEqual(key) {
                var from = at + key.count
                while from < element.upperBound, window.bytes[from] != 0x22 { from += 1 }
                var to = from + 1
                while to < element.upperBound, window.bytes[to] != 0x22 { to += window.bytes[to] == 0x5C ? 2 : 1 }
                if to < element.upperBound { return Array(window.bytes[from...to]) }
            }
            at += 1
        }
        return Array("\"\"".utf8)
    }

    private mutating func row(_ chunk: inout RecordChunk) {
        let line = window.line
        let offset = window.offset
        guard let (elements, end) = wholeArray(&chunk) else { return }
        if elements.count != columns.count {
            window.reject(
                into: &chunk,
                end - window.start,
                .notJSON,
                "the row has \(elements.count) values for \(columns.count) columns"
            )
            return
        }
        var object: [UInt8] = [0x7B]
        for (index, element) in elements.enumerated() {
            if index > 0 { object.append(0x2C) }
            object.append(contentsOf: columns[index])
            object.append(0x3A)
            object.append(contentsOf: window.bytes[element])
        }
        object.append(0x7D)
        chunk.append(object[...], line: line, offset: offset)
        window.advance(to: end)
    }

    /// The array at the window's start, read whole; after damage the rest of the line is rejected.
    private mutating func wholeArray(_ chunk: inout RecordChunk) -> (elements: [Range<Int>], end: Int)? {
        while true {
            if let found = JSONText.elements(of: window.bytes, from: window.start, to: window.end) { return found }
            if window.count > limit || !window.more() { break }
        }
        let stop = ByteScan.lineFeed(in: window.bytes, from: window.start, to: window.end)
        window.reject(
            into: &chunk,
            max(stop - window.start, 1),
            .truncatedRecord,
            "the row does not end where it should"
        )
        failed = window.count == 0
        return nil
    }
}
