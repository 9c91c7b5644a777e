/// The columns of table `hub_minute`.
public enum HubMinuteColumn: Int32, DerivedColumn {
    case hub = 1
    case minute, drops, refusals, connects, sessions, explained

    /// The table.
    public static let table = "hub_minute"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(hub, minute)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        self == .hub ? "INTEGER NOT NULL REFERENCES instance(id)" : "INTEGER NOT NULL"
    }
}

/// The columns of table `unexplained`.
public enum UnexplainedColumn: Int32, DerivedColumn {
    case time = 1
    case hash, role, code, copies, identity, context, network, agent, file, line

    /// The table.
    public static let table = "unexplained"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(time, hash)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .time, .hash, .copies, .line: "INTEGER NOT NULL"
        case .role: "TEXT NOT NULL"
        case .code: "INTEGER"
        case .identity: "INTEGER REFERENCES identity(id)"
        case .context: "INTEGER NOT NULL REFERENCES context(id)"
        case .network: "INTEGER REFERENCES network(id)"
        case .agent: "INTEGER REFERENCES agent(id)"
        case .file: "INTEGER NOT NULL REFERENCES file(id)"
        }
    }
}
