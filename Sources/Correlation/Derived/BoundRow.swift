import EventStore
import GRDB

/// A row that is being bound, by the names of its columns.
struct BoundRow<Column: DerivedColumn> {
    private let statement: PreparedStatement
    #if DEBUG
        private let bound = BoundColumns()
    #endif

    init(_ statement: PreparedStatement) { self.statement = statement }

    /// Holds the one who fills rows to all columns: what is not bound keeps the value of the row before.
    @inline(__always)
    func expectWhole() {
        #if DEBUG
            let isWhole = Column.allCases.allSatisfy { bound.places & 1 << UInt64($0.rawValue) != 0 }
            assert(isWhole, "a column of \(Column.table) is not bound")
        #endif
    }

    @inline(__always)
    private func note(_ column: Column) {
        #if DEBUG
            bound.places |= 1 << UInt64(column.rawValue)
        #endif
    }

    /// Binds an integer.
    @inline(__always)
    func bind(_ column: Column, _ value: Int64) {
        note(column)
        statement.bind(column.rawValue, value)
    }

    /// Binds a text.
    func bind(_ column: Column, _ text: String) {
        note(column)
        statement.bind(column.rawValue, text)
    }

    /// Binds bytes.
    func bind(_ column: Column, blob: [UInt8]) {
        note(column)
        statement.bind(column.rawValue, blob: blob)
    }

    /// Binds NULL.
    @inline(__always)
    func bindNull(_ column: Column) {
        note(column)
        statement.bindNull(column.rawValue)
    }

    /// Binds a row's id; 0 stands for none.
    @inline(__always)
    func bindId(_ column: Column, _ id: Int) {
        note(column)
        statement.bindId(column.rawValue, id)
    }

    /// Binds a text, or NULL for an empty one.
    func bindText(_ column: Column, _ text: String) {
        note(column)
        statement.bindText(column.rawValue, text)
    }

    /// Binds a time, or NULL for the beginning of all times, which stands for "never".
    func bindTime(_ column: Column, _ time: Int64) {
        note(column)
        statement.bindTime(column.rawValue, time)
    }
}

#if DEBUG
    /// The columns of a row that were bound, a bit for each; no table has more than 63.
    private final class BoundColumns {
        var places: UInt64 = 0
    }
#endif
