import EventStore
import GRDB

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
            let row = BoundRow<Column>(update)
            fill(row)
            row.expectWhole()
            if try update.runCounting() > 0 { return }
        }
        try insert.write(fill)
    }
}
