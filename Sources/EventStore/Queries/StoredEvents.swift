import AzureLogs
import GRDB

/// What the database keeps of a record in columns: all there is of a plain success, whose text is not kept.
public struct StoredEvent: Sendable, Hashable {
    /// Microseconds since 1970.
    public var time: Int64
    /// The columns that are not empty, by the names of docs/schema.md, in a fixed order.
    public var fields: [Field]

    /// A column and its value as text.
    public struct Field: Sendable, Hashable {
        /// The column.
        public var name: String
        /// The value as it was logged.
        public var value: String
    }

    /// The events that begin on a line of a file.
    ///
    /// Events have no index by their file: the file's own first and last time bound the search, and times at which whom the
    /// line is about has events spare most of that.
    ///
    /// - Parameters:
    ///   - range: microseconds between which they are looked for; nil for all.
    ///   - times: when the event may be, microseconds, ascending, looked at first; without an event of the line at any of
    ///     them the file's time is gone through.
    ///   - most: how many are read at most.
    /// - Throws: `DatabaseError`.
    public static func load(
        path: String,
        line: Int,
        between range: ClosedRange<Int64>?,
        near times: [Int64] = [],
        most: Int,
        in database: LogDatabase
    ) throws -> [StoredEvent] {
        let range = range ?? (.min)...(.max)
        return try database.access.read { connection in
            // Of a file that an earlier version read, no times may be known.
            let files = try CheckedRow.all(
                connection,
                sql: "SELECT id, first_time, last_time FROM file WHERE path = ? ORDER BY generation",
                arguments: [path]
            ).map { row in
                let (first, last): (EndlessInteger?, EndlessInteger?) = (try row[1], try row[2])
                return (
                    file: try row[0] as Int64, from: max(range.lowerBound, first?.raw ?? .min),
                    to: min(range.upperBound, last?.raw ?? .max)
                )
            }.filter { $0.from <= $0.to }
            var found: [StoredEvent] = []
            for time in times {
                for file in files where file.from <= time && time <= file.to && found.count < most {
                    found += try events(of: file.file, line, time...time, most - found.count, connection)
                }
            }
            if !found.isEmpty { return found }
            for file in files { found += try events(of: file.file, line, file.from...file.to, most, connection) }
            // Of one time the older state of the file comes first.
            let order = found.indices.sorted { (found[$0].time, $0) < (found[$1].time, $1) }
            return order.prefix(most).map { found[$0] }
        }
    }

    private static func events(
        of file: Int64,
        _ line: Int,
        _ range: ClosedRange<Int64>,
        _ most: Int,
        _ connection: Database
    ) throws -> [StoredEvent] {
        let rows = try CheckedRow.all(
            connection,
            sql: """
                SELECT e.time, c.category, c.operation, c.result_type, c.result_signature, c.result_description,
                    c.outcome, c.code, i.name AS identity, c.instance, c.resource_id, c.assigned_hub,
                    c.enrollment_group, c.attestation, c.status, c.substatus, c.error_message, c.protocol,
                    c.auth_type, c.module, n.address AS network, a.sdk, e.duration AS duration_ms,
                    CASE typeof(e.correlation) WHEN 'blob' THEN hex(e.correlation) ELSE e.correlation END
                        AS correlation_id, e.copies
                FROM event e
                JOIN context c ON c.id = e.context
                LEFT JOIN identity i ON i.id = e.identity
                LEFT JOIN network n ON n.id = e.network
                LEFT JOIN agent a ON a.id = e.agent
                WHERE e.time BETWEEN ? AND ? AND e.line = ? AND e.file = ?
                ORDER BY e.time, e.hash LIMIT ?
                """,
            arguments: [range.lowerBound, range.upperBound, line, file, most]
        )
        return try rows.map { row in
            StoredEvent(time: try row[0], fields: row.values(from: 1).compactMap { field($0.name, $0.value) })
        }
    }

    private static func field(_ name: String, _ value: DatabaseValue) -> Field? {
        let text: String =
            switch value.storage {
            case .int64(let number): String(number)
            case .double(let number): String(number)
            case .string(let text): text
            default: ""
            }
        if text.isEmpty { return nil }
        if name == "copies" { return text == "1" ? nil : Field(name: name, value: text) }
        let isGUID = name == "correlation_id" && text.utf8.count == 32 && text.utf8.allSatisfy(isHexadecimal)
        return Field(name: name, value: isGUID ? guid(text) : text)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// The usual form of a GUID, whose digits are kept as 16 bytes.
    private static func guid(_ digits: String) -> String {
        let text = Array(digits.lowercased())
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }
}
