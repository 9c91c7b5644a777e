import EventStore
import GRDB

/// Writes rows of a table that has one row a thing: a new one, or over the one that stands.
///
/// Over it, not in its place: INSERT OR REPLACE keeps each page as it was before each row, and a row that is deleted and
/// inserted leaves its indexes and comes back to them. Both cost several times what the change does.
struct RowWriter {
    private let insert: PreparedStatement
    private let update: PreparedStatement

    /// A writer for a table.
    ///
    /// - Parameters:
    ///   - columns: all columns, those of the key first; `fill` binds them by their places, counted from 1.
    ///   - keys: how many columns the key has.
    ///   - fixed: those that never change once the row stands.
    init(
        _ database: Database,
        _ table: String,
        _ columns: [String],
        keys: Int = 1,
        fixed: Set<String> = []
    ) throws {
        let places = columns.indices.map { "?\($0 + 1)" }
        insert = try PreparedStatement(
            database,
            "INSERT INTO \(table)(\(columns.joined(separator: ", "))) VALUES(\(places.joined(separator: ", ")))"
        )
        let changes = zip(columns, places).dropFirst(keys).filter { !fixed.contains($0.0) }.map { "\($0) = \($1)" }
        let key = zip(columns, places).prefix(keys).map { "\($0) = \($1)" }
        update = try PreparedStatement(
            database,
            "UPDATE \(table) SET \(changes.joined(separator: ", ")) WHERE \(key.joined(separator: " AND "))"
        )
    }

    /// Writes a row.
    ///
    /// - Parameter mayStand: whether there may be a row with this key.
    func write(mayStand: Bool, _ fill: (PreparedStatement) -> Void) throws {
        if mayStand {
            fill(update)
            if try update.runCounting() > 0 { return }
        }
        fill(insert)
        try insert.run()
    }
}
