/// The columns of table `explained`.
public enum ExplainedColumn: Int32, DerivedColumn {
    case pattern = 1
    case identity, instance, events, firstTime, lastTime

    /// The table.
    public static let table = "explained"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(pattern, identity, instance)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .pattern: "TEXT NOT NULL"
        case .identity: "INTEGER NOT NULL REFERENCES identity(id)"
        case .instance, .events, .firstTime, .lastTime: "INTEGER NOT NULL"
        }
    }
}
