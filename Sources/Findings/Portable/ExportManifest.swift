import Correlation
public import EventStore
import GRDB

/// What an export says of itself: which form, of which data, until when, and what could be read.
public struct ExportManifest: Sendable {
    /// A file of the export.
    public struct Table: Sendable {
        /// The view.
        public var view: ExportedView
        /// The file's name.
        public var file: String
        /// Its rows, without the header.
        public var rows: Int

        /// A file with the rows of a view.
        public init(view: ExportedView, file: String, rows: Int) {
            self.view = view
            self.file = file
            self.rows = rows
        }
    }

    /// The files.
    public var tables: [Table] = []
    private let schema: String
    private let revision: Int
    private let part: String?
    private let status: StoreStatus
    private let coverage: [CoverageRun]

    /// What is to be said of a database; the tables are added as they are written.
    ///
    /// - Throws: `DatabaseError`.
    public init(_ database: LogDatabase) throws {
        (schema, revision, part) = try database.access.read { connection in
            let migration = try String.checkedOne(
                connection,
                sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid DESC LIMIT 1"
            )
            let part = try String.checkedOne(connection, sql: "SELECT value FROM setting WHERE name = 'part'")
            return (migration ?? "", try Revision.current(connection), part)
        }
        status = try StoreStatus.load(database)
        coverage = try CoverageRun.load(database)
    }

    /// The manifest as JSON, its members in a fixed order.
    ///
    /// - Parameters:
    ///   - version: of the program.
    ///   - format: of the files.
    ///   - quote: makes a JSON string of a text.
    public func json(version: String, format: String, _ quote: (String) -> String) -> String {
        func object(_ members: [(name: String, value: String)]) -> String {
            let texts = members.map { member in quote(member.name) + ":" + member.value }
            return "{" + texts.joined(separator: ",") + "}"
        }
        func list(_ items: [String]) -> String {
            if items.isEmpty { return "[]" }
            return "[\n    " + items.joined(separator: ",\n    ") + "\n  ]"
        }
        var members: [(name: String, value: String)] = []
        members.append(("format", quote(format)))
        members.append(("version", quote(version)))
        members.append(("schema", quote(schema)))
        members.append(("revision", String(revision)))
        members.append(("part", part.map { quote($0) } ?? "null"))
        members.append(("first", status.first.map { String($0) } ?? "null"))
        members.append(("until", status.last.map { String($0) } ?? "null"))
        members.append(("ledger", object(ledger)))
        members.append(("coverage", list(coverage.map { object(Self.members($0, quote)) })))
        let files = tables.map { table in
            let columns = table.view.columns.map { column in
                object([("name", quote(column.name)), ("type", quote(column.isInteger ? "BIGINT" : "VARCHAR"))])
            }
            return object([
                ("view", quote(table.view.name)),
                ("file", quote(table.file)),
                ("rows", String(table.rows)),
                ("columns", "[" + columns.joined(separator: ",") + "]"),
            ])
        }
        members.append(("tables", list(files)))
        let leftOut = ExportedView.names.filter { name in !tables.contains { $0.view.name == name } }
        members.append(("left_out", "[" + leftOut.map(quote).joined(separator: ",") + "]"))
        let lines = members.map { member in "  " + quote(member.name) + ": " + member.value }
        return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
    }

    private var ledger: [(name: String, value: String)] {
        let totals = status.totals
        let counts: [(String, Int)] = [
            ("files", totals.files), ("lines", totals.lines), ("stored", totals.stored),
            ("duplicates", totals.duplicates), ("ignored", totals.ignored), ("rejected", totals.rejected),
        ]
        return counts.map { ($0.0, String($0.1)) }
    }

    private static func members(_ run: CoverageRun, _ quote: (String) -> String) -> [(name: String, value: String)] {
        var members: [(name: String, value: String)] = []
        members.append(("service", quote(run.service)))
        members.append(("instance", quote(run.instance)))
        members.append(("category", quote(run.category)))
        members.append(("from_hour", quote(run.from)))
        members.append(("to_hour", quote(run.to)))
        members.append(("hours", String(run.hours)))
        members.append(("records", String(run.records)))
        return members
    }

    /// The statements with which DuckDB reads the export, from the folder in which it lies.
    public var duckDB: String {
        tables.map { table in
            let columns = table.view.columns.map { "'\($0.name)': '\($0.isInteger ? "BIGINT" : "VARCHAR")'" }
            let typed = "columns = {\(columns.joined(separator: ", "))}"
            let source =
                table.file.hasSuffix(".csv")
                ? "read_csv('\(table.file)', header = true, delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false, auto_detect = false, \(typed))"
                : "read_json('\(table.file)', format = 'newline_delimited', \(typed))"
            return "CREATE OR REPLACE TABLE \(table.view.name) AS SELECT * FROM \(source);\n"
        }.joined()
    }

    /// The statements with which ClickHouse reads it; `clickhouse local` is started in the folder.
    public var clickHouse: String {
        tables.map { table in
            let columns = table.view.columns.map {
                "\"\($0.name)\" Nullable(\($0.isInteger ? "Int64" : "String"))"
            }
            let format = table.file.hasSuffix(".csv") ? "CSVWithNames" : "JSONEachRow"
            return
                "CREATE TABLE \(table.view.name) ENGINE = Memory AS SELECT * FROM file('\(table.file)', '\(format)', '\(columns.joined(separator: ", "))') SETTINGS format_csv_null_representation = '', input_format_csv_empty_as_default = 0;\n"
        }.joined()
    }
}
