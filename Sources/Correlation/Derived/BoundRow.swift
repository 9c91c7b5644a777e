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
