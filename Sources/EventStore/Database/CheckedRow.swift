public import GRDB

/// A row of which every value is checked as it is read.
///
/// Whoever damaged a database, or made it, may have put anything into a column. GRDB's own `Row` ends the process where a
/// value is not of the type that is asked for; this one throws, and lets no number pass with which reckoning could
/// overflow. It does not check that numbers fit one another, such as an id and the row that it names.
public struct CheckedRow {
    private let row: Row

    /// The columns' names and values from one on, as they are.
    public func values(from first: Int) -> [(name: String, value: DatabaseValue)] {
        row.dropFirst(first).map { (name: $0.0, value: $0.1) }
    }

    /// The value of a column, counted from 0.
    ///
    /// - Throws: `StoreError` if it is not of the type, or is a number that dpslens does not write.
    public subscript<Value: CheckedValue>(_ column: Int) -> Value {
        get throws {
            guard column >= 0, column < row.count, let value = Value(checking: row[column] as DatabaseValue) else {
                throw StoreError.damaged("a value is not one that dpslens writes")
            }
            return value
        }
    }

    /// All rows of a question.
    ///
    /// - Throws: `DatabaseError`.
    public static func all(
        _ database: Database,
        sql: String,
        arguments: StatementArguments = StatementArguments()
    ) throws -> [CheckedRow] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).map(CheckedRow.init)
    }

    /// The first row of a question; nil if it has none.
    ///
    /// - Throws: `DatabaseError`.
    public static func one(
        _ database: Database,
        sql: String,
        arguments: StatementArguments = StatementArguments()
    ) throws -> CheckedRow? {
        try Row.fetchOne(database, sql: sql, arguments: arguments).map(CheckedRow.init)
    }

    /// The first row of a question that is compiled; nil if it has none.
    ///
    /// - Throws: `DatabaseError`.
    static func one(
        _ statement: Statement,
        arguments: StatementArguments = StatementArguments()
    ) throws -> CheckedRow? {
        try Row.fetchOne(statement, arguments: arguments).map(CheckedRow.init)
    }

    /// Does something with each row of a question, of which there may be many: one is in memory at a time.
    ///
    /// - Throws: `DatabaseError`, and what `body` throws.
    public static func forEach(
        _ database: Database,
        sql: String,
        arguments: StatementArguments = StatementArguments(),
        _ body: (CheckedRow) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
        while let row = try rows.next() { try body(CheckedRow(row: row)) }
    }

    private init(row: Row) { self.row = row }
}

/// What can be read from a `CheckedRow`.
public protocol CheckedValue {
    /// The value; nil if it is of another type or cannot be right.
    init?(checking value: DatabaseValue)
}

extension CheckedValue {
    /// The first value of a question; nil without a row, and for NULL.
    ///
    /// - Throws: `StoreError` if it is not of the type; `DatabaseError`.
    public static func checkedOne(
        _ database: Database,
        sql: String,
        arguments: StatementArguments = StatementArguments()
    ) throws -> Self? {
        guard let row = try CheckedRow.one(database, sql: sql, arguments: arguments) else { return nil }
        return try row[0] as Self?
    }

    /// The first value of a question that is compiled, likewise.
    ///
    /// - Throws: `StoreError` if it is not of the type; `DatabaseError`.
    static func checkedOne(
        _ statement: Statement,
        arguments: StatementArguments = StatementArguments()
    ) throws -> Self? {
        guard let row = try CheckedRow.one(statement, arguments: arguments) else { return nil }
        return try row[0] as Self?
    }

    /// The first values of all rows of a question, none of which may be NULL.
    ///
    /// - Throws: `StoreError` if one is not of the type; `DatabaseError`.
    public static func checkedAll(
        _ database: Database,
        sql: String,
        arguments: StatementArguments = StatementArguments()
    ) throws -> [Self] {
        try CheckedRow.all(database, sql: sql, arguments: arguments).map { try $0[0] }
    }
}

extension Int64: CheckedValue {
    /// Some 36,000 years in microseconds: two of them can be added and subtracted.
    static let farthest: Int64 = 1 << 60

    /// An integer within `farthest`.
    public init?(checking value: DatabaseValue) {
        switch value.storage {
        case .int64(let number) where number.magnitude <= Self.farthest.magnitude: self = number
        // A sum of reals, or what SQLite made one.
        case .double(let number):
            guard let exact = Int64(exactly: number), exact.magnitude <= Self.farthest.magnitude else { return nil }
            self = exact
        default: return nil
        }
    }
}

extension Int: CheckedValue {
    /// As `Int64`.
    public init?(checking value: DatabaseValue) {
        guard let number = Int64(checking: value) else { return nil }
        self.init(exactly: number)
    }
}

extension Bool: CheckedValue {
    /// A number, true unless it is 0.
    public init?(checking value: DatabaseValue) {
        guard let number = Int64(checking: value) else { return nil }
        self = number != 0
    }
}

extension String: CheckedValue {
    /// A text.
    public init?(checking value: DatabaseValue) {
        guard case .string(let text) = value.storage else { return nil }
        self = text
    }
}

extension Optional: CheckedValue where Wrapped: CheckedValue {
    /// NULL, or a value.
    public init?(checking value: DatabaseValue) {
        if value.isNull {
            self = Optional<Wrapped>.none
            return
        }
        guard let wrapped = Wrapped(checking: value) else { return nil }
        self = Optional<Wrapped>.some(wrapped)
    }
}

/// The bytes of a blob.
public struct CheckedBytes: CheckedValue {
    /// The bytes.
    public let bytes: [UInt8]

    /// A blob.
    public init?(checking value: DatabaseValue) {
        switch value.storage {
        case .blob(let data): bytes = Array(data)
        default: return nil
        }
    }
}

/// An integer that may stand at the ends of all numbers, where these mean "none".
public struct EndlessInteger: CheckedValue {
    /// The number, the ends included.
    public let raw: Int64
    /// The number; nil at either end.
    public var value: Int64? { raw == .min || raw == .max ? nil : raw }

    /// Any integer that is one of ours, or an end.
    public init?(checking value: DatabaseValue) {
        if case .int64(let number) = value.storage, number == .min || number == .max {
            raw = number
            return
        }
        guard let number = Int64(checking: value) else { return nil }
        raw = number
    }
}
