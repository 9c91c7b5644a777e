/// Why a file was taken for what it was.
enum FormatWords {
    private static let reasons = [
        "gzip": "first bytes 1F 8B", "zip": "first bytes PK", "tar": "a header with its checksum",
        "UTF-16LE": "a byte order mark, or zeros for every second byte",
        "UTF-16BE": "a byte order mark, or zeros for every second byte",
        "UTF-32LE": "a byte order mark, or zeros for three bytes of four",
        "UTF-32BE": "a byte order mark, or zeros for three bytes of four",
        "lines": "an object a line, or nothing else that is known",
        "stream": "an array, an envelope, or objects over lines", "table": "columns and rows of the query API",
        "Avro of Event Hubs Capture": "first bytes Obj, and a schema with a Body",
    ]

    /// The reasons for formats that stand one inside of the other, separated by commas.
    static func reasons(for formats: String) -> String {
        formats.split(separator: ",").map { part in
            let name = String(part.drop { $0 == " " })
            if let reason = reasons[name] { return reason }
            return name.hasPrefix("csv") ? "a header that names the time or an export's columns" : "first bytes"
        }.joined(separator: "; ")
    }
}
