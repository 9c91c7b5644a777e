/// Text of comma separated values by RFC 4180: a value in quotes may hold separators, line ends and quotes that stand twice.
public enum CSVText {
    /// A row, and the line of the text on which it begins, from 1.
    public struct Row: Sendable, Hashable {
        /// The line.
        public var line: Int
        /// Its values, unquoted; nil if one in quotes does not end.
        public var values: [String]?
    }

    /// The rows of a text that is whole, without those that are empty; a byte order mark at its front is no part of it.
    ///
    /// What is not UTF-8 becomes U+FFFD.
    public static func rows(_ text: [UInt8]) -> [Row] {
        var rows: [Row] = []
        var start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var (line, at, isQuoted) = (1, start, false)
        while start < text.count {
            let first = line
            while at < text.count, isQuoted || text[at] != 0x0A {
                if text[at] == 0x22 { isQuoted.toggle() }
                if text[at] == 0x0A { line += 1 }
                at += 1
            }
            at = min(at + 1, text.count)
            line += 1
            let values = values(of: text[start..<at])?.map { String(decoding: $0, as: UTF8.self) }
            if values != [""] { rows.append(Row(line: first, values: values)) }
            start = at
        }
        return rows
    }

    /// The values of a row, unquoted; nil if a quoted value does not end.
    ///
    /// - Parameter oneRow: whether the text may go on behind the row.
    static func values(of row: ArraySlice<UInt8>, _ separator: UInt8 = 0x2C, oneRow: Bool = false) -> [[UInt8]]? {
        var values: [[UInt8]] = []
        var value: [UInt8] = []
        var at = row.startIndex
        var end = row.endIndex
        if !oneRow, end > at, row[end - 1] == 0x0A { end -= 1 }
        if !oneRow, end > at, row[end - 1] == 0x0D { end -= 1 }
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
            while at < end, row[at] != separator, !(oneRow && (row[at] == 0x0A || row[at] == 0x0D)) {
                value.append(row[at])
                at += 1
            }
            values.append(value)
            value.removeAll()
            if at >= end || row[at] != separator { return values }
            at += 1
        }
    }
}
