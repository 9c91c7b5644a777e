import AzureLogs
public import GRDB

/// Why a database has nothing that could be judged: silence that must not be taken for health.
public enum RecordAbsence: Sendable, Hashable {
    /// No record of any file could be used; why, in words.
    case nothingRead(String)
    /// Only exports of DPS were read, and no log.
    case noLogs(records: Int)
    /// There are events, but none in the time that was asked for; microseconds since 1970, nil where it is open.
    case noneInTime(from: Int64?, to: Int64?, first: Int64, last: Int64)

    /// One line for a person, the fact first.
    public var text: String {
        switch self {
        case .nothingRead(let why): "nothing could be read: \(why)"
        case .noLogs(let records):
            "no logs were read, so nothing could be judged; there are \(records) registration records and enrollments of exports"
        case .noneInTime(let from, let to, let first, let last):
            "no records in this time (\(Self.span(from, to))); the logs reach from \(Timestamp.format(microseconds: first))"
                + " to \(Timestamp.format(microseconds: last))"
        }
    }

    private static func span(_ from: Int64?, _ to: Int64?) -> String {
        let begin = from.map { "from \(Timestamp.format(microseconds: $0))" }
        let end = to.map { "\(begin == nil ? "until" : "to") \(Timestamp.format(microseconds: $0))" }
        return [begin, end].compactMap(\.self).joined(separator: " ")
    }

    /// What a database lacks; nil if it has records to judge.
    ///
    /// - Parameters:
    ///   - from: the beginning of the time that was asked for, microseconds since 1970; nil for all.
    ///   - to: its end, which belongs to it.
    /// - Throws: `DatabaseError`.
    public static func of(_ database: LogDatabase, from: Int64? = nil, to: Int64? = nil) throws -> RecordAbsence? {
        try database.access.read { try of($0, from: from, to: to) }
    }

    /// The same on a connection.
    public static func of(_ connection: Database, from: Int64? = nil, to: Int64? = nil) throws -> RecordAbsence? {
        guard let first = try Int64.checkedOne(connection, sql: "SELECT min(time) FROM event"),
            let last = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event")
        else { return try withoutEvents(connection) }
        if from == nil, to == nil { return nil }
        let isThere = try Bool.checkedOne(
            connection,
            sql: "SELECT EXISTS (SELECT 1 FROM event WHERE time BETWEEN ? AND ?)",
            arguments: [from ?? .min, to ?? .max]
        )
        return isThere == true ? nil : .noneInTime(from: from, to: to, first: first, last: last)
    }

    /// What an ingest lacks by itself, whatever the database holds; nil if it brought something or was known.
    public static func of(_ report: IngestReport) -> RecordAbsence? {
        guard report.stored + report.duplicates == 0, report.filesUnchanged == 0 else { return nil }
        return .nothingRead(why(report))
    }

    private static func withoutEvents(_ connection: Database) throws -> RecordAbsence {
        let exports = "(SELECT count(*) FROM registration_record) + (SELECT count(*) FROM enrollment)"
        let records = try Int.checkedOne(connection, sql: "SELECT \(exports) + (SELECT count(*) FROM linked_hub)") ?? 0
        if records > 0 { return .noLogs(records: records) }
        var report = IngestReport()
        let sums = """
            SELECT count(*), coalesce(sum(state <> 'complete'), 0), coalesce(sum(lines), 0),
                coalesce(sum(stored + duplicates), 0), coalesce(sum(ignored), 0), coalesce(sum(rejected), 0)
            FROM file
            """
        if let row = try CheckedRow.one(connection, sql: sums) {
            report.files = try row[0]
            report.filesRejected = try row[1]
            report.lines = try row[2]
            report.stored = try row[3]
            report.ignored = try row[4]
            report.rejected = try row[5]
        }
        if report.stored == 0 { return .nothingRead(why(report)) }
        let isUnion = "SELECT EXISTS (SELECT 1 FROM setting WHERE name = 'merged')"
        return try .nothingRead(
            Bool.checkedOne(connection, sql: isUnion) == true
                ? "the events were left in the parts (merge --without-events), and rules about contacts need them"
                : "all events were pruned"
        )
    }

    private static func why(_ report: IngestReport) -> String {
        var parts: [String] = []
        func count(_ number: Int, _ one: String, _ many: String) {
            if number > 0 { parts.append("\(number) \(number == 1 ? one : many)") }
        }
        count(report.rejected, "record was rejected", "records were rejected")
        count(report.ignored, "record is of a category that is not used", "records are of categories that are not used")
        count(report.filesRejected, "file could not be read", "files could not be read")
        if !parts.isEmpty { return parts.joined(separator: ", ") }
        if report.files == 0 { return "there was no file" }
        return report.files == 1 ? "the file holds no record" : "the \(report.files) files hold no record"
    }
}
