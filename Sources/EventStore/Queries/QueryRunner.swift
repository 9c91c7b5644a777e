import Basics
import GRDB

/// A value of a result, as exact as SQLite gave it.
public enum Cell: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// The value as plain text; NULL is empty, bytes are hexadecimal.
    public var plain: String {
        switch self {
        case .null: ""
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .text(let value): value
        case .blob(let bytes):
            Hex.text(bytes)
        }
    }
}

/// Rows of a result with the names of their columns.
public struct ResultTable: Sendable, Hashable {
    /// The columns' names, in order.
    public var columns: [String]
    /// The rows, each with one cell a column.
    public var rows: [[Cell]]
    /// For each row a JSON member that has no column, as `"name":value`; empty, or nil for a row, if there is none.
    ///
    /// Only the JSON formats show it.
    public var members: [String?] = []

    /// A table of rows.
    public init(columns: [String], rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }
}

/// Runs a question against the database, which it cannot change.
public enum QueryRunner {
    /// Runs a question that a person wrote: it reads the documented views of this database and nothing else.
    ///
    /// - Throws: as `run`, and `StoreError` for what would do more, such as `ATTACH`.
    public static func ask(
        _ sql: String,
        in database: LogDatabase,
        within limits: StatementLimits
    ) throws -> ResultTable {
        if let complaint = try StatementGuard().complaint(sql, .questions) {
            throw StoreError(.failed, "the query \(complaint); only reading of the documented views is allowed")
        }
        return try run(sql, in: database, within: limits)
    }

    /// Runs one statement.
    ///
    /// - Parameter limits: when it is ended.
    /// - Throws: `StoreError` if the text is not exactly one statement that only reads, if it fails, or if it reaches a
    ///   limit; `CancellationError` if the database's sign is raised.
    public static func run(
        _ sql: String,
        in database: LogDatabase,
        within limits: StatementLimits = StatementLimits()
    ) throws -> ResultTable {
        let watch = StatementWatch(limits, database.stop)
        do {
            return try database.access.read { connection in
                let statements = try connection.allStatements(sql: sql)
                guard let statement = try statements.next() else {
                    throw StoreError(.failed, "the query is empty")
                }
                guard statement.isReadonly else {
                    throw StoreError(.failed, "the query would change the database; only reading is allowed")
                }
                var table = ResultTable(columns: statement.columnNames, rows: [])
                let cursor = try Row.fetchCursor(statement)
                guard let handle = connection.sqliteConnection else {
                    throw StoreError(.failed, "the database was closed")
                }
                try watch.during(handle) {
                    while let row = try cursor.next() {
                        if let most = limits.rows, table.rows.count == most {
                            throw StatementLimits.Reached(description: "\(most) rows")
                        }
                        table.rows.append(row.map { cell($0.1) })
                    }
                }
                if try statements.next() != nil {
                    throw StoreError(.failed, "the query has more than one statement; give one at a time")
                }
                return table
            }
        } catch let reached as StatementLimits.Reached {
            throw StoreError(
                .failed,
                "the query was ended at its limit of \(reached); narrow it, or give a higher --timeout or --max-rows"
            )
        } catch let error as DatabaseError {
            if watch.isOverdue, let seconds = limits.seconds {
                throw StoreError(
                    .failed,
                    "the query was ended at its limit of \(seconds) s; narrow it, or give a higher --timeout"
                )
            }
            try database.stop.check()
            throw StoreError(.failed, "the query failed: \(error.message ?? "no reason given")")
        }
    }

    private static func cell(_ value: DatabaseValue) -> Cell {
        switch value.storage {
        case .null: .null
        case .int64(let value): .integer(value)
        case .double(let value): .real(value)
        case .string(let value): .text(value)
        case .blob(let data): .blob(Array(data))
        }
    }
}
