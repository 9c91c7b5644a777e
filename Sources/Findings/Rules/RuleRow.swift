import Basics
import EventStore

/// The row that a rule's statement stands on, by the names of its columns.
struct RuleRow {
    private let statement: PreparedStatement
    private let columns: [String: Int32]
    private let rule: String

    /// - Parameters:
    ///   - statement: one that is stepped by its owner.
    ///   - rule: whose statement it is.
    init(_ statement: PreparedStatement, of rule: String) {
        self.statement = statement
        self.rule = rule
        // Of two columns with one name the first is meant.
        columns = Dictionary(
            statement.columnNames.enumerated().map { ($1, Int32($0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// A value as text; nil for NULL, and if there is no such column.
    func text(_ column: String) -> String? {
        guard let index = columns[column], !statement.isNull(index) else { return nil }
        return statement.text(index)
    }

    /// A value as an integer, likewise.
    ///
    /// - Throws: `RuleError` if it is something else: what a text would be read as, nobody meant.
    func integer(_ column: String) throws -> Int64? {
        guard let index = columns[column], !statement.isNull(index) else { return nil }
        guard statement.isInteger(index) else {
            throw RuleError(rule, "\(column) is to be an integer, and a row has \(statement.text(index))")
        }
        return statement.integer(index)
    }
}
