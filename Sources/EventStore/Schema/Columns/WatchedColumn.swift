/// The columns of table `watched`.
public enum WatchedColumn: Int32, DerivedColumn {
    case identity = 1
    case time, hash, noted, copies, context, network, agent, file, line

    /// The table.
    public static let table = "watched"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(identity, time, hash)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .identity: "INTEGER NOT NULL REFERENCES identity(id)"
        case .time, .hash, .noted, .copies, .line: "INTEGER NOT NULL"
        case .context: "INTEGER NOT NULL REFERENCES context(id)"
        case .network: "INTEGER REFERENCES network(id)"
        case .agent: "INTEGER REFERENCES agent(id)"
        case .file: "INTEGER NOT NULL REFERENCES file(id)"
        }
    }
}
