import AzureLogs
public import EventStore
import GRDB

/// A view as it is written for other engines: its columns with their types, and numbers that are the same in every database.
public struct ExportedView: Sendable, Hashable {
    /// A column.
    public struct Column: Sendable, Hashable {
        /// The name.
        public var name: String
        /// Whether it holds integers; else it holds texts.
        public var isInteger: Bool
    }

    /// The view's name.
    public var name: String
    /// Its columns, in the order of docs/schema.md.
    public var columns: [Column]
    /// The SELECT that gives its rows in total order.
    var sql: String

    /// The names of all views, in their order.
    public static let names = RuleLint.views.sorted()

    /// All views, in the order of their names.
    ///
    /// - Throws: `DatabaseError`.
    public static func all(_ database: LogDatabase) throws -> [ExportedView] {
        try database.access.read { connection in
            let shift = try part(connection).map { Int64($0.number) << partShift } ?? 0
            return try names.map { try make($0, shift, connection) }
        }
    }

    /// The part that a database is, by its setting; nil for a whole one.
    static func part(_ connection: Database) throws -> (number: Int, of: Int)? {
        let text = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'part'")
        let sides = (text ?? "").split(separator: "/").compactMap { Int($0) }
        return sides.count == 2 ? (sides[0], sides[1]) : nil
    }

    /// Attempts of a part are numbered from this power of two times the part's number on, so that no two parts share one.
    private static let partShift: Int64 = 44

    /// From here on a database numbers the latest attempt of each registration.
    private static let firstLatest: Int64 = 1 << 40
    /// From here on an export does: behind all that are over, of whatever part.
    private static let latest: Int64 = 1 << 62

    /// Integers of which SQLite tells no type, since an expression makes them.
    private static let integers: Set<String> = ["explained", "is_refusal", "delay"]

    private static func make(_ name: String, _ shift: Int64, _ connection: Database) throws -> ExportedView {
        var columns: [Column] = []
        var terms: [String] = []
        for row in try CheckedRow.all(connection, sql: "SELECT name, type FROM pragma_table_info(?)", arguments: [name])
        {
            let column: String = try row[0]
            let type: String = try row[1]
            columns.append(
                Column(name: column, isInteger: type == "INTEGER" || integers.contains(column))
            )
            terms.append("\(term(column, in: name, shift)) AS \"\(column)\"")
        }
        let order = (1...columns.count).map(String.init).joined(separator: ", ")
        let sql = "SELECT \(terms.joined(separator: ", ")) FROM \(name) v ORDER BY \(order)"
        return ExportedView(name: name, columns: columns, sql: sql)
    }

    /// A column's value; numbers that a database gives in its own order become hashes of what they stand for.
    private static func term(_ column: String, in view: String, _ shift: Int64) -> String {
        switch column {
        case "registration": stable("registration", "registration_id", of: "identity")
        case "device": stable("device", "device_id", of: "identity")
        case "sdk_number": stable("sdk_number", "sdk", of: "sdk")
        case "network_number": stable("network_number", "network", of: "network")
        case "instance_number":
            "CASE WHEN v.instance IS NULL THEN 0 ELSE stable_number('instance', v.service || '/' || v.instance) END"
        case "attempt":
            // Attempts that are over are counted; the latest of each registration has its registration's number.
            """
            CASE WHEN v.attempt < \(firstLatest) THEN v.attempt + \(shift)
            ELSE \(latest) + (stable_number('identity', v.registration_id) >> 1) END
            """
        case "id" where view == "files": "stable_number('file', v.path || '/' || v.generation)"
        case "copy_of" where view == "files":
            "(SELECT stable_number('file', o.path || '/' || o.generation) FROM file o WHERE o.id = v.copy_of)"
        default: "v.\"\(column)\""
        }
    }

    private static func stable(_ number: String, _ text: String, of kind: String) -> String {
        "CASE WHEN v.\(number) IS NOT NULL THEN stable_number('\(kind)', v.\(text)) END"
    }

    /// The function that turns a text into its number: 63 bits, so that it is no negative one anywhere.
    ///
    /// Two of ten million texts share a number with a chance of one in 100,000.
    private static let number = DatabaseFunction("stable_number", argumentCount: 2, pure: true) { values in
        guard let kind = String.fromDatabaseValue(values[0]), let text = String.fromDatabaseValue(values[1]) else {
            return nil
        }
        return Int64(truncatingIfNeeded: Fingerprint.hash("\(kind)/\(text)", seed: 0x6578_706F_7274) >> 1)
    }

    /// Gives the rows of the view one by one.
    ///
    /// - Parameter take: a row's cells, in the order of the columns.
    /// - Throws: `DatabaseError`, or what `take` throws.
    public func forEachRow(_ database: LogDatabase, _ take: ([Cell]) throws -> Void) throws {
        try database.access.read { connection in
            connection.add(function: Self.number)
            let rows = try PreparedStatement(connection, sql)
            while try rows.next() {
                try take(
                    columns.indices.map { index in
                        let column = Int32(index)
                        if rows.isNull(column) { return .null }
                        return rows.isInteger(column) ? .integer(rows.bits(column)) : .text(rows.text(column))
                    }
                )
            }
        }
    }
}
