import EventStore
import GRDB

/// A row that is being bound, by the names of its columns.
struct BoundRow<Column: DerivedColumn> {
    private let statement: PreparedStatement

    init(_ statement: PreparedStatement) { self.statement = statement }

    /// Binds an integer.
    @inline(__always)
    func bind(_ column: Column, _ value: Int64) { statement.bind(column.rawValue, value) }

    /// Binds a text.
    func bind(_ column: Column, _ text: String) { statement.bind(column.rawValue, text) }

    /// Binds bytes.
    func bind(_ column: Column, blob: [UInt8]) { statement.bind(column.rawValue, blob: blob) }

    /// Binds NULL.
    @inline(__always)
    func bindNull(_ column: Column) { statement.bindNull(column.rawValue) }

    /// Binds a row's id; 0 stands for none.
    @inline(__always)
    func bindId(_ column: Column, _ id: Int) { statement.bindId(column.rawValue, id) }

    /// Binds a text, or NULL for an empty one.
    func bindText(_ column: Column, _ text: String) { statement.bindText(column.rawValue, text) }

    /// Binds a time, or NULL for the beginning of all times, which stands for "never".
    func bindTime(_ column: Column, _ time: Int64) { statement.bindTime(column.rawValue, time) }
}

/// Writes new rows of a table.
struct RowInserter<Column: DerivedColumn> {
    private let statement: PreparedStatement

    /// What becomes of a row where one with its key stands.
    enum Conflict: String {
        /// It is a fault.
        case fails = ""
        /// It takes the other's place.
        case replaces = "OR REPLACE "
        /// The other stays.
        case yields = "OR IGNORE "
    }

    init(_ database: Database, _ conflict: Conflict = .fails) throws {
        let places = Column.allCases.map { "?\($0.rawValue)" }.joined(separator: ", ")
        statement = try PreparedStatement(
            database,
            """
            INSERT \(conflict.rawValue)INTO \(Column.table)(\(Column.names.joined(separator: ", ")))
            VALUES(\(places))
            """
        )
    }

    /// Writes a row.
    func write(_ fill: (BoundRow<Column>) -> Void) throws {
        fill(BoundRow(statement))
        try statement.run()
    }

    /// Writes a row.
    ///
    /// - Returns: whether it is there now, and none that stood before.
    func writeCounting(_ fill: (BoundRow<Column>) -> Void) throws -> Bool {
        fill(BoundRow(statement))
        return try statement.runCounting() > 0
    }
}

/// Writes rows of a table that has one row a thing: a new one, or over the one that stands.
///
/// Over it, not in its place: INSERT OR REPLACE keeps each page as it was before each row, and a row that is deleted and
/// inserted leaves its indexes and comes back to them. Both cost several times what the change does.
struct RowWriter<Column: DerivedColumn> {
    private let insert: RowInserter<Column>
    private let update: PreparedStatement

    /// A writer for a table whose first columns are its key.
    ///
    /// - Parameters:
    ///   - keys: how many columns the key has.
    ///   - fixed: columns that never change once the row stands.
    init(_ database: Database, keys: Int = 1, fixed: [Column] = []) throws {
        insert = try RowInserter(database)
        let kept = fixed.map(\.rawValue)
        let assignments = Column.allCases.map { (place: $0.rawValue, text: "\($0.name) = ?\($0.rawValue)") }
        let changes = assignments.dropFirst(keys).filter { !kept.contains($0.place) }.map(\.text)
        let key = assignments.prefix(keys).map(\.text)
        update = try PreparedStatement(
            database,
            "UPDATE \(Column.table) SET \(changes.joined(separator: ", ")) WHERE \(key.joined(separator: " AND "))"
        )
    }

    /// Writes a row.
    ///
    /// - Parameter mayStand: whether there may be a row with this key.
    func write(mayStand: Bool, _ fill: (BoundRow<Column>) -> Void) throws {
        if mayStand {
            fill(BoundRow(update))
            if try update.runCounting() > 0 { return }
        }
        try insert.write(fill)
    }
}
