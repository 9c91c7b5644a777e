/// The columns of table `registration_total`.
public enum RegistrationTotalColumn: Int32, DerivedColumn {
    case registration = 1
    case device, dps, enrollmentGroup, attempts, answered, unauthorized, lastAnswered, lastAssigned, assignedHub
    case hubMoves, closest, failures, failingSince, lastFailed, firstAnswered

    /// The table.
    public static let table = "registration_total"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .registration: "INTEGER PRIMARY KEY REFERENCES identity(id)"
        case .device: "INTEGER REFERENCES identity(id)"
        case .dps, .assignedHub: "INTEGER REFERENCES instance(id)"
        case .enrollmentGroup: "TEXT"
        case .attempts, .answered, .unauthorized, .hubMoves, .failures: "INTEGER NOT NULL"
        case .lastAnswered, .lastAssigned, .closest, .failingSince, .lastFailed, .firstAnswered: "INTEGER"
        }
    }
}

/// The columns of table `device_total`.
public enum DeviceTotalColumn: Int32, DerivedColumn {
    case device = 1
    case registration, hub, records, contacts, connected, refused, firstTime, lastTime, lastConnected, lastRefused
    case longestGap, agent, network, `protocol`, isOpen, hubChanges, firstConnected, firstRefused

    /// The table.
    public static let table = "device_total"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .device: "INTEGER PRIMARY KEY REFERENCES identity(id)"
        case .registration: "INTEGER REFERENCES identity(id)"
        case .hub: "INTEGER REFERENCES instance(id)"
        case .agent: "INTEGER REFERENCES agent(id)"
        case .network: "INTEGER REFERENCES network(id)"
        case .protocol: "TEXT"
        case .lastConnected, .lastRefused, .firstConnected, .firstRefused: "INTEGER"
        case .records, .contacts, .connected, .refused, .firstTime, .lastTime, .longestGap, .isOpen, .hubChanges:
            "INTEGER NOT NULL"
        }
    }
}
