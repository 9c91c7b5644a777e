import EventStore
import GRDB

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
        let row = BoundRow<Column>(statement)
        fill(row)
        row.expectWhole()
        try statement.run()
    }

    /// Writes a row.
    ///
    /// - Returns: whether it is there now, and none that stood before.
    func writeCounting(_ fill: (BoundRow<Column>) -> Void) throws -> Bool {
        let row = BoundRow<Column>(statement)
        fill(row)
        row.expectWhole()
        return try statement.runCounting() > 0
    }
}
