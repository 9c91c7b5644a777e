/// The log categories of the two services that are known (supported resource log categories of Microsoft.Devices).
///
/// What dpslens does with a category, and what its hours of coverage tell of, is said by `use`, here alone.
public enum LogCategory: String, BitwiseCopyable, Sendable, CaseIterable {
    case registrationsOperationalLogs = "RegistrationsOperationalLogs"
    case deviceOperations = "DeviceOperations"
    case serviceOperations = "ServiceOperations"
    case connections = "Connections"
    /// What Event Grid tells of a hub's connections: the last state of a minute, not every change.
    case eventGrid = "EventGrid"
    case deviceIdentityOperations = "DeviceIdentityOperations"
    case deviceTelemetry = "DeviceTelemetry"
    case c2dCommands = "C2DCommands"
    case d2cTwinOperations = "D2CTwinOperations"
    case c2dTwinOperations = "C2DTwinOperations"
    case twinQueries = "TwinQueries"
    case directMethods = "DirectMethods"
    case jobsOperations = "JobsOperations"
    case fileUploadOperations = "FileUploadOperations"
    case routes = "Routes"
    case configurations = "Configurations"
    case deviceStreams = "DeviceStreams"
    case distributedTracing = "DistributedTracing"
    case e2eDiagnostics = "E2EDiagnostics"

    /// What a category tells of, in the words of the views.
    public enum Use: String, Sendable, CaseIterable {
        /// Devices that ask DPS.
        case registrations
        /// Enrollments and registration records that are read or changed.
        case serviceOperations = "service-operations"
        /// Devices that connect to a hub.
        case connections
        /// Identities of a hub that are read or changed.
        case identities
        /// Only the errors of the hub's other categories are kept.
        case hubErrors = "hub-errors"

        /// Those in which devices are seen to ask, to connect, or to be changed in DPS.
        public static let ofDevices: [Use] = [.registrations, .serviceOperations, .connections]

        /// The service that writes such categories.
        public var service: LogService {
            switch self {
            case .registrations, .serviceOperations: .dps
            case .connections, .identities, .hubErrors: .hub
            }
        }
    }

    /// What dpslens reads in it.
    public var use: Use {
        switch self {
        case .registrationsOperationalLogs, .deviceOperations: .registrations
        case .serviceOperations: .serviceOperations
        case .connections, .eventGrid: .connections
        case .deviceIdentityOperations: .identities
        case .deviceTelemetry, .c2dCommands, .d2cTwinOperations, .c2dTwinOperations, .twinQueries, .directMethods,
            .jobsOperations, .fileUploadOperations, .routes, .configurations, .deviceStreams, .distributedTracing,
            .e2eDiagnostics:
            .hubErrors
        }
    }

    /// Whether its records show for which hours logs were read.
    ///
    /// Event Grid tells of a minute's last state, so an hour in which it is silent shows nothing.
    public var covers: Bool { self != .eventGrid }

    /// The category of a name in any case; nil for one that is not known.
    public init?(folding name: String) {
        guard let known = Self.byName[name.lowercased()] else { return nil }
        self = known
    }

    /// The categories that tell of a use and cover hours, in the order of their declaration.
    public static func covering(_ use: Use) -> [LogCategory] { allCases.filter { $0.use == use && $0.covers } }

    /// The name in its documented spelling; one that is not known stays as it is.
    static func canonical(_ name: String) -> String { LogCategory(folding: name)?.rawValue ?? name }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) })
}
