import Basics
import EventStore
import LogIngest
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
    /// - Throws: `InvalidFile` if it cannot be read; `InvalidInput` (exit 4) with the line of the row that is none.
    static func read(_ path: String, into links: inout DeviceLinks) throws {
        let text = try InputFile.text(path, limit: limit)
        for row in CSVText.rows(Array(text.utf8)) where row.values != header {
            guard let ids = row.values else {
                throw InvalidInput("\(path):\(row.line): a value in quotes does not end; write each link as two ids")
            }
            guard ids.count == 2, !ids[0].isEmpty, !ids[1].isEmpty else {
                throw InvalidInput("\(path):\(row.line): two ids with a comma between are expected")
            }
            links.join(ids[0].lowercased(), ids[1].lowercased())
        }
    }
}
