/// The columns of table `failure_run`.
public enum FailureRunColumn: Int32, RunColumn {
    case registration = 1
    case run, isOpen, device, dps, enrollmentGroup, attestation
    case failure, failures, firstTime, lastTime, context, code, leastCode, greatestCode, codes, file, line, lastFile
    case lastLine

    /// The table.
    public static let table = "failure_run"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(registration, run, failure)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .registration: "INTEGER NOT NULL REFERENCES identity(id)"
        case .device: "INTEGER REFERENCES identity(id)"
        case .dps: "INTEGER REFERENCES instance(id)"
        case .enrollmentGroup, .attestation: "TEXT"
        case .failure: "TEXT NOT NULL"
        case .context: "INTEGER NOT NULL REFERENCES context(id)"
        case .file, .lastFile: "INTEGER NOT NULL REFERENCES file(id)"
        case .run, .isOpen, .failures, .firstTime, .lastTime, .code, .leastCode, .greatestCode, .codes, .line,
            .lastLine:
            "INTEGER NOT NULL"
        }
    }
}

/// The columns of table `refusal_run`.
public enum RefusalRunColumn: Int32, RunColumn {
    case device = 1
    case module, hub
    case failure, failures, firstTime, lastTime, context, code, leastCode, greatestCode, codes, file, line, lastFile
    case lastLine

    /// The table.
    public static let table = "refusal_run"
    /// What stands behind the columns.
    public static let constraint = "PRIMARY KEY(device, module, failure)"

    /// The column's type, and to what it refers.
    public var declaration: String {
        switch self {
        case .device: "INTEGER NOT NULL REFERENCES identity(id)"
        case .hub: "INTEGER REFERENCES instance(id)"
        case .module, .failure: "TEXT NOT NULL"
        case .context: "INTEGER NOT NULL REFERENCES context(id)"
        case .file, .lastFile: "INTEGER NOT NULL REFERENCES file(id)"
        case .failures, .firstTime, .lastTime, .code, .leastCode, .greatestCode, .codes, .line, .lastLine:
            "INTEGER NOT NULL"
        }
    }
}

/// What runs of attempts and of refusals have in common.
public protocol RunColumn: DerivedColumn {
    /// The class of the failures; `any` for the run as a whole.
    static var failure: Self { get }
    /// How many.
    static var failures: Self { get }
    /// When the first of them began.
    static var firstTime: Self { get }
    /// When the last of them began.
    static var lastTime: Self { get }
    /// The context of the last one.
    static var context: Self { get }
    /// The code of the last one, 0 for none.
    static var code: Self { get }
    /// The least code.
    static var leastCode: Self { get }
    /// The greatest code.
    static var greatestCode: Self { get }
    /// How many different codes there are, up to three.
    static var codes: Self { get }
    /// The file of the first place in the order of texts.
    static var file: Self { get }
    /// Its line.
    static var line: Self { get }
    /// The file of the last place.
    static var lastFile: Self { get }
    /// Its line.
    static var lastLine: Self { get }
}
