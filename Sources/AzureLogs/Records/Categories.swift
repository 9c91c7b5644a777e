/// The categories of the two services (supported resource log categories of Microsoft.Devices).
enum Categories {
    /// What dpslens does with a category.
    enum Use {
        case registrations
        case serviceOperations
        case connections
        case identities
        /// Only the errors of the hub's other categories are kept.
        case hubErrors
        case unknown
    }

    private static let known: [String: (name: String, use: Use)] = {
        let table: [(String, Use)] = [
            ("RegistrationsOperationalLogs", .registrations), ("DeviceOperations", .registrations),
            ("ServiceOperations", .serviceOperations), ("Connections", .connections), ("EventGrid", .connections),
            ("DeviceIdentityOperations", .identities), ("DeviceTelemetry", .hubErrors), ("C2DCommands", .hubErrors),
            ("D2CTwinOperations", .hubErrors), ("C2DTwinOperations", .hubErrors), ("TwinQueries", .hubErrors),
            ("DirectMethods", .hubErrors), ("JobsOperations", .hubErrors), ("FileUploadOperations", .hubErrors),
            ("Routes", .hubErrors), ("Configurations", .hubErrors), ("DeviceStreams", .hubErrors),
            ("DistributedTracing", .hubErrors), ("E2EDiagnostics", .hubErrors),
        ]
        return Dictionary(uniqueKeysWithValues: table.map { ($0.0.lowercased(), $0) })
    }()

    /// The category in its documented spelling; one that is not known stays as it is.
    static func canonical(_ category: String) -> String { known[category.lowercased()]?.name ?? category }

    /// What is done with a category.
    static func use(of category: String) -> Use { known[category.lowercased()]?.use ?? .unknown }
}
