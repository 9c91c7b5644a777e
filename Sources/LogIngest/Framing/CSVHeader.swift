import AzureLogs

/// What the first line of comma-separated values says: names, what separates them, and what the times mean.
struct CSVHeader: Sendable {
    /// The byte between values.
    var separator: UInt8
    /// The columns' names as JSON strings, without the zone that the portal writes behind a time's name.
    var names: [[UInt8]]
    /// The columns that hold the record's time, with the zone that stands behind their names.
    var times: [Int: Zone]
    /// How many bytes stand before the header's line: `SEP=`, `#TYPE`, a title.
    var start: Int

    /// What the container is called, with what separates its values.
    var name: String {
        switch separator {
        case 0x2C: "csv"
        case 0x3B: "csv with semicolons"
        case 0x09: "csv with tabs"
        default: "csv with \(String(decoding: [separator], as: UTF8.self))"
        }
    }

    /// What a column's times are in.
    enum Zone: Sendable, Hashable {
        /// UTC, or not said, which for Azure's logs is UTC.
        case utc
        /// Seconds east of UTC.
        case offset(Int)
        /// The clock of whoever exported: `[Local Time]`, in whatever language.
        case local(String)
    }

    /// Bytes that separate values, the likeliest first.
    private static let separators: [UInt8] = [0x2C, 0x3B, 0x09, 0x7C]
    /// Lines before the header that are looked at.
    private static let titleLines = 20

    /// Finds the header at the beginning of a text; nil if there is none that is known.
    static func find(in bytes: [UInt8]) -> CSVHeader? {
        var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var separators = separators
        for _ in 0..<titleLines where at < bytes.count {
            let end = ByteScan.lineFeed(in: bytes, from: at, to: bytes.count)
            let line = bytes[at..<end]
            if let said = separator(saidBy: line) { separators = [said] }
            for separator in separators {
                guard let names = CSVText.values(of: line, separator),
                    names.count > 1 || separators.count == 1 || separator == 0x2C
                else { continue }
                if let header = header(names, separator, at, rowAt: end + 1, bytes) { return header }
            }
            at = end + 1
        }
        return nil
    }

    /// Excel's first line `SEP=;`.
    private static func separator(saidBy line: ArraySlice<UInt8>) -> UInt8? {
        let text = line.filter { $0 != 0x22 && $0 != 0x0D }
        guard text.count == 5, text.prefix(4).map({ $0 | 0x20 }).elementsEqual([0x73, 0x65, 0x70, 0x3D]) else {
            return nil
        }
        return text[4]
    }

    private static func header(
        _ fields: [[UInt8]],
        _ separator: UInt8,
        _ start: Int,
        rowAt: Int,
        _ bytes: [UInt8]
    ) -> CSVHeader? {
        var header = CSVHeader(separator: separator, names: [], times: [:], start: start)
        var lower: [String] = []
        for (index, field) in fields.enumerated() {
            let (name, suffix) = split(String(decoding: field, as: UTF8.self))
            var quoted: [UInt8] = []
            JSONText.appendString(Array(name.utf8)[...], to: &quoted)
            header.names.append(quoted)
            lower.append(name.lowercased())
            if WrittenTimeKeys.isTime(name.lowercased()) { header.times[index] = zone(suffix) }
        }
        let isLog = !header.times.isEmpty && lower.contains { $0 == "category" || $0 == "operationname" }
        let isExport =
            lower.contains { $0 == "registrationid" || $0 == "enrollmentgroupid" }
            && lower.contains {
                ["status", "assignedhub", "provisioningstatus", "lastupdateddatetimeutc"].contains($0)
            }
        let isMetric = !header.times.isEmpty && lower.contains("metricname")
        if isLog || isExport || isMetric { return header }
        return holdsRecords(lower, header, rowAt, bytes) ? header : nil
    }

    /// Whether a column whose name a wrapper has holds JSON in the first row: the landing table of a shipper.
    private static func holdsRecords(_ lower: [String], _ header: CSVHeader, _ at: Int, _ bytes: [UInt8]) -> Bool {
        guard at < bytes.count,
            let row = CSVText.values(of: bytes[at...].prefix(1 << 16), header.separator, oneRow: true)
        else { return false }
        for (name, value) in zip(lower, row) where WrapperKeys.contains(name) {
            if value.first == 0x7B || value.first == 0x5B { return true }
        }
        return false
    }

    /// The name, and what stands in brackets behind it.
    private static func split(_ name: String) -> (name: String, suffix: String?) {
        guard name.hasSuffix("]"), let open = name.lastIndex(of: "["), open > name.startIndex else {
            return (trimmed(name), nil)
        }
        return (trimmed(String(name[..<open])), trimmed(String(name[name.index(after: open)...].dropLast())))
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " || $0 == "\u{FEFF}" }.reversed().drop { $0 == " " }.reversed())
    }

    private static func zone(_ suffix: String?) -> Zone {
        guard let suffix else { return .utc }
        if ["utc", "gmt", "z", "utc+0", "utc+00:00"].contains(suffix.lowercased()) { return .utc }
        if let written = WrittenTime.parse("2000-01-01 00:00 " + suffix.lowercased()), let offset = written.offset {
            return .offset(offset)
        }
        return .local(suffix)
    }
}
