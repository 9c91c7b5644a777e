/// The columns of table `doubt`.
public enum DoubtColumn: Int32, DerivedColumn {
    case service = 1
    case instance, identity, reach, begins, ends, records, file, line

    /// The table.
    public static let table = "doubt"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .service, .reach: "TEXT NOT NULL"
        case .instance, .identity, .begins, .ends, .records, .line: "INTEGER NOT NULL"
        case .file: "INTEGER NOT NULL REFERENCES file(id)"
        }
    }
}
