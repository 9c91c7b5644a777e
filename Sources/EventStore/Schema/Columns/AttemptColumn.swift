/// The columns of table `attempt`.
public enum AttemptColumn: Int32, DerivedColumn {
    case id = 1
    case registration, spelling, started, ended, outcome, code, context, dps, enrollmentGroup, attestation, network
    case duration, records, benign, file, line, hub, basis, device, journey, reason, covered
    case contactTime, contactHub, contactCode, contactFile, contactLine, failure

    /// The table.
    public static let table = "attempt"
    /// What stands behind the columns.
    public static let constraint = ""

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .id: "INTEGER PRIMARY KEY"
        case .registration, .spelling: "INTEGER NOT NULL REFERENCES identity(id)"
        case .device: "INTEGER REFERENCES identity(id)"
        case .started, .ended, .records, .line, .covered: "INTEGER NOT NULL"
        case .outcome: "TEXT NOT NULL"
        case .context: "INTEGER NOT NULL REFERENCES context(id)"
        case .dps, .hub, .contactHub: "INTEGER REFERENCES instance(id)"
        case .network: "INTEGER REFERENCES network(id)"
        case .file: "INTEGER NOT NULL REFERENCES file(id)"
        case .contactFile: "INTEGER REFERENCES file(id)"
        case .code, .duration, .contactTime, .contactCode, .contactLine: "INTEGER"
        case .enrollmentGroup, .attestation, .benign, .basis, .journey, .reason, .failure: "TEXT"
        }
    }
}
