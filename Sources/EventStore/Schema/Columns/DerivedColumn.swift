/// The columns of a derived table, named once: the list of a statement, CREATE TABLE and the places that values are bound to
/// come from the same cases.
///
/// A case stands where its column stands in the table; its raw value is the place of its parameter, counted from 1.
public protocol DerivedColumn: CaseIterable, RawRepresentable, Sendable where RawValue == Int32 {
    /// The table.
    static var table: String { get }
    /// What stands behind the columns: the key, unless a column declares it.
    static var constraint: String { get }
    /// The column's type, and to what it refers.
    var declaration: String { get }
}

extension DerivedColumn {
    /// The column's name: the case's, with underscores.
    public var name: String {
        "\(self)".reduce(into: "") { name, letter in
            name += letter.isUppercase ? "_" + letter.lowercased() : String(letter)
        }
    }

    /// The names of all columns, in the order of the table.
    public static var names: [String] { allCases.map(\.name) }

    /// The statement that makes the table.
    static var creation: String {
        let columns = allCases.map { "\($0.name) \($0.declaration)" }
        let (parts, rest) = constraint.isEmpty ? (columns, "") : (columns + [constraint], ", WITHOUT ROWID")
        return "CREATE TABLE \(table)(\n    \(parts.joined(separator: ",\n    "))\n) STRICT\(rest);"
    }
}
