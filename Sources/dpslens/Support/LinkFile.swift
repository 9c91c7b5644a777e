import Basics
import EventStore
import Reports

/// A file of links: CSV with a header, then two ids a row.
enum LinkFile {
    /// The text of such a file.
    static func text(_ pairs: [(registration: String, device: String)]) -> String {
        DataText.csv(
            ResultTable(columns: header, rows: pairs.map { [.text($0.registration), .text($0.device)] }),
            raw: true
        )
    }

    private static let header = ["registration", "device"]
    /// Ten million pairs of ids of some ten characters each.
    private static let limit = 1 << 28

    /// Adds what a file says.
    ///
    /// - Throws: `InvalidFile` if it cannot be read; `InvalidInput` with the row that is none.
    static func read(_ path: String, into links: inout DeviceLinks) throws {
        let text = try InputFile.text(path, limit: limit)
        for (number, row) in rows(text).enumerated() where row != header {
            guard row.count == 2, !row[0].isEmpty, !row[1].isEmpty else {
                throw InvalidInput("\(path): row \(number + 1): two ids with a comma between are expected")
            }
            links.join(row[0].lowercased(), row[1].lowercased())
        }
    }

    /// The rows of a text by RFC 4180, in which a quoted cell may hold commas, quotes and line ends.
    ///
    /// Empty rows are left out.
    static func rows(_ text: String) -> [[String]] {
        let bytes = Array(text.utf8)
        let (quote, comma, end) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"))
        var (rows, row) = ([[String]](), [String]())
        var at = 0
        while at < bytes.count {
            var cell: [UInt8] = []
            if bytes[at] == quote {
                at += 1
                while at < bytes.count {
                    if bytes[at] == quote {
                        guard at + 1 < bytes.count, bytes[at + 1] == quote else { break }
                        at += 1
                    }
                    cell.append(bytes[at])
                    at += 1
                }
                at += 1
            }
            while at < bytes.count, bytes[at] != comma, bytes[at] != end {
                if bytes[at] != UInt8(ascii: "\r") { cell.append(bytes[at]) }
                at += 1
            }
            row.append(String(decoding: cell, as: UTF8.self))
            if at < bytes.count, bytes[at] == comma {
                at += 1
                if at < bytes.count { continue }
                row.append("")
            }
            if row != [""] { rows.append(row) }
            row = []
            at += 1
        }
        return rows
    }
}
