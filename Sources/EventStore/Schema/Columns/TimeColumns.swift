/// The columns of table `device_times`.
public enum DeviceTimesColumn: Int32, DerivedColumn {
    case segment = 1
    case identity, times

    /// The table.
    public static let table = "device_times"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(segment, identity)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .segment: "INTEGER NOT NULL"
        case .identity: "INTEGER NOT NULL REFERENCES identity(id)"
        case .times: "BLOB NOT NULL"
        }
    }
}

/// The columns of table `hour_mark`.
public enum HourMarkColumn: Int32, DerivedColumn {
    case hour = 1
    case attempts, segment

    /// The table.
    public static let table = "hour_mark"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String { self == .hour ? "INTEGER PRIMARY KEY" : "INTEGER NOT NULL" }
}

/// The columns of table `coverage_hour`.
public enum CoverageHourColumn: Int32, DerivedColumn {
    case instance = 1
    case category, hour, records, firstTime, lastTime

    /// The table.
    public static let table = "coverage_hour"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(instance, category, hour)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .instance: "INTEGER NOT NULL REFERENCES instance(id)"
        case .category: "TEXT NOT NULL"
        case .hour, .records, .firstTime, .lastTime: "INTEGER NOT NULL"
        }
    }
}

/// The columns of table `operation`.
public enum OperationColumn: Int32, DerivedColumn {
    case time = 1
    case hash

    /// The table.
    public static let table = "operation"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(time, hash)"

    /// The column's type, and to what it refers.
    public var declaration: String { "INTEGER NOT NULL" }
}

/// The columns of table `context_total`.
public enum ContextTotalColumn: Int32, DerivedColumn {
    case context = 1
    case records

    /// The table.
    public static let table = "context_total"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String {
        self == .context ? "INTEGER PRIMARY KEY REFERENCES context(id)" : "INTEGER NOT NULL"
    }
}
