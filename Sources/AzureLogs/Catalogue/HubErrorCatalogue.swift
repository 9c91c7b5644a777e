/// The error codes of IoT Hub: what `resultType` says and `resultDescription` names
/// (IoT Hub troubleshooting, error codes; and the names of the .NET service client).
public enum HubErrorCatalogue {
    /// One code.
    public struct Entry: Sendable, Hashable {
        /// Six digits; the first three are the HTTP status.
        public let code: Int
        /// The name that the hub writes.
        public let name: String
        /// What usually causes it, in a few words; empty where nothing helpful is documented.
        public let cause: String
    }

    /// The entry of a code, nil if it is not in the documentation.
    public static func entry(_ code: Int) -> Entry? { byCode[code] }

    /// All entries in the order of their codes.
    public static var all: [Entry] { byCode.values.sorted { $0.code < $1.code } }

    /// The codes that occur when a device connects, most telling first.
    static let connecting: [Entry] = [401_002, 401_003, 401_001, 404_001, 403_012, 403_002, 429_001].compactMap(entry)

    /// The code of a name, which is given in lower case; nil if no code has it.
    static func code(named name: String) -> Int? { byName[name] }

    private static let byName: [String: Int] = Dictionary(names.map { ($0.1.lowercased(), $0.0) }) { first, _ in first }

    private static let byCode: [Int: Entry] = {
        var table: [Int: Entry] = [:]
        for (code, name) in names { table[code] = Entry(code: code, name: name, cause: causes[code] ?? "") }
        return table
    }()

    private static let causes: [Int: String] = [
        400_027: "another client connected with the same identity",
        400_029: "the service closed the connection for an upgrade; a retry works at once",
        400_030: "the service refused connections during an upgrade; a retry works soon",
        401_001: "there is no such hub",
        401_002: "the credential gives no access to this hub",
        401_003:
            "the token has expired (a normal renewal), the key or thumbprint is not the one the hub "
            + "holds, the device is unknown to the hub, or the device clock is off by more than 5 minutes",
        403_001: "the hub is suspended",
        403_002: "the hub's daily message quota is used up; it resets at 00:00 UTC",
        403_012: "the device identity is disabled in the hub",
        404_001: "the device identity is not registered in the hub, or disabled",
        404_012: "the hub is failing over",
        404_104: "the connection was lost: token expiry, keep-alive, network, or a crash",
        409_001: "an identity of this id exists already",
        409_002: "the device opened a second connection while the first was still known",
        412_002: "a cloud-to-device message was not completed in time",
        429_001: "the hub throttles: too many requests for its size",
        429_002: "the hub's throttling backlog is full",
        429_003: "a request waited too long in the throttling backlog",
        429_004: "too many jobs are running",
        429_005: "this device sends too many requests",
        500_001: "an internal error of the hub; transient",
        500_008: "an internal timeout of the hub; transient",
        503_001: "the hub is not available for the moment",
        503_005: "the hub is busy; retry later",
        503_006: "the hub is being restored",
        503_008: "too many receive links are being opened",
        504_101: "the device did not answer a direct method in time",
    ]

    private static let names: [(Int, String)] = [
        (400_000, "GenericBadRequest"), (400_001, "InvalidProtocolVersion"), (400_002, "DeviceInvalidResultCount"),
        (400_003, "InvalidOperation"), (400_004, "ArgumentInvalid"), (400_005, "ArgumentNull"),
        (400_006, "IotHubFormatError"), (400_007, "DeviceStorageEntitySerializationError"),
        (400_008, "BlobContainerValidationError"), (400_009, "ImportWarningExistsError"),
        (400_010, "InvalidSchemaVersion"), (400_011, "DeviceDefinedMultipleTimes"), (400_012, "DeserializationError"),
        (400_013, "BulkRegistryOperationFailure"), (400_014, "DefaultStorageEndpointNotConfigured"),
        (400_015, "InvalidFileUploadCorrelationId"), (400_016, "ExpiredFileUploadCorrelationId"),
        (400_017, "InvalidStorageEndpoint"), (400_018, "InvalidMessagingEndpoint"),
        (400_019, "InvalidFileUploadCompletionStatus"), (400_020, "InvalidStorageEndpointOrBlob"),
        (400_021, "RequestCanceled"), (400_022, "InvalidStorageEndpointProperty"), (400_023, "EtagDoesNotMatch"),
        (400_024, "RequestTimedOut"), (400_025, "UnsupportedOperationOnReplica"), (400_026, "NullMessage"),
        (400_027, "ConnectionForcefullyClosedOnNewConnection"), (400_028, "InvalidDeviceScope"),
        (400_029, "ConnectionForcefullyClosedOnFaultInjection"), (400_030, "ConnectionRejectedOnFaultInjection"),
        (400_031, "InvalidEndpointAuthenticationType"), (400_032, "ManagedIdentityNotEnabled"),
        (400_035, "InvalidPolicyKey"), (400_036, "BulkRegenerateDeviceKeyOperationFailure"),
        (400_100, "InvalidRouteTestInput"), (400_101, "InvalidSourceOnRoute"), (400_102, "RoutingNotEnabled"),
        (400_103, "InvalidContentEncodingOrType"), (400_301, "CannotRegisterModuleToModule"),
        (400_302, "TenantHubRoutingNotEnabled"), (400_401, "InvalidConfigurationTargetCondition"),
        (400_402, "InvalidConfigurationContent"), (400_403, "CannotModifyImmutableConfigurationContent"),
        (400_404, "InvalidConfigurationCustomMetricsQuery"), (400_501, "InvalidPnPInterfaceDefinition"),
        (400_502, "InvalidPnPDesiredProperties"), (400_503, "InvalidPnPReportedProperties"),
        (400_504, "InvalidPnPWritableReportedProperties"), (400_505, "InvalidDigitalTwinJsonPatch"),
        (400_506, "InvalidDigitalTwinPayload"), (400_507, "InvalidDigitalTwinPatch"),
        (400_508, "InvalidDigitalTwinPatchPath"), (401_000, "GenericUnauthorized"), (401_001, "IotHubNotFound"),
        (401_002, "IotHubUnauthorizedAccess"), (401_003, "IotHubUnauthorized"), (401_004, "ElasticPoolNotFound"),
        (401_100, "SystemModuleModifyUnauthorizedAccess"), (403_000, "GenericForbidden"),
        (403_001, "IotHubSuspended"), (403_002, "IotHubQuotaExceeded"), (403_003, "JobQuotaExceeded"),
        (403_004, "DeviceMaximumQueueDepthExceeded"), (403_005, "IotHubMaxCbsTokenExceeded"),
        (403_006, "DeviceMaximumActiveFileUploadLimitExceeded"), (403_007, "DeviceMaximumQueueSizeExceeded"),
        (403_008, "RoutingEndpointResponseForbidden"), (403_009, "InvalidMessageExpiryTime"),
        (403_010, "OperationNotAvailableInCurrentTier"), (403_011, "KeyEncryptionKeyRevoked"),
        (403_012, "DeviceDisabled"), (403_100, "DeviceModelMaxPropertiesExceeded"),
        (403_101, "DeviceModelMaxIndexablePropertiesExceeded"), (403_800, "DeviceMaximumInflightMethodExceeded"),
        (404_000, "GenericNotFound"), (404_001, "DeviceNotFound"), (404_002, "JobNotFound"),
        (404_004, "QuotaMetricNotFound"), (404_005, "SystemPropertyNotFound"), (404_006, "AmqpAddressNotFound"),
        (404_007, "RoutingEndpointResponseNotFound"), (404_008, "CertificateNotFound"),
        (404_009, "ElasticPoolTenantHubNotFound"), (404_010, "ModuleNotFound"), (404_011, "AzureTableStoreNotFound"),
        (404_012, "IotHubFailingOver"), (404_013, "FeatureNotSupported"), (404_014, "DigitalTwinInterfaceNotFound"),
        (404_101, "QueryStoreClusterNotFound"), (404_102, "DeviceNotOnline"), (404_103, "DeviceNotOnline"),
        (404_104, "DeviceConnectionClosedRemotely"), (404_301, "ConfigurationNotFound"), (404_302, "GroupNotFound"),
        (404_401, "DigitalTwinModelNotFound"), (404_402, "InterfaceNameModelNotFound"),
        (405_000, "GenericMethodNotAllowed"), (405_102, "OperationNotAllowedInCurrentState"),
        (405_103, "ImportDevicesNotSupported"), (405_104, "BulkAddDevicesNotSupported"), (409_000, "GenericConflict"),
        (409_001, "DeviceAlreadyExists"), (409_002, "LinkCreationConflict"),
        (409_003, "CallbackSubscriptionConflict"), (409_101, "ModelAlreadyExists"), (409_102, "DeviceLocked"),
        (409_103, "DeviceJobAlreadyExists"), (409_104, "JobAlreadyExists"), (409_301, "ModuleAlreadyExistsOnDevice"),
        (409_401, "ConfigurationAlreadyExists"), (409_402, "ApplyConfigurationAlreadyInProgressOnDevice"),
        (409_501, "DigitalTwinModelAlreadyExists"), (409_502, "DigitalTwinModelExistsWithOtherModelType"),
        (409_503, "InterfaceNameModelAlreadyExists"), (412_000, "GenericPreconditionFailed"),
        (412_001, "PreconditionFailed"), (412_002, "DeviceMessageLockLost"), (412_003, "JobRunPreconditionFailed"),
        (412_004, "InflightMessagesInLink"), (413_000, "GenericRequestEntityTooLarge"), (413_001, "MessageTooLarge"),
        (413_002, "TooManyDevices"), (413_003, "TooManyModulesOnDevice"),
        (413_101, "ConfigurationCountLimitExceeded"), (413_201, "DigitalTwinModelCountLimitExceeded"),
        (413_202, "InterfaceNameCompressionModelCountLimitExceeded"), (415_000, "GenericUnsupportedMediaType"),
        (415_101, "IncompatibleDataType"), (429_000, "GenericTooManyRequests"), (429_001, "ThrottlingException"),
        (429_002, "ThrottleBacklogLimitExceeded"), (429_003, "ThrottlingBacklogTimeout"),
        (429_004, "ThrottlingMaxActiveJobCountExceeded"), (429_005, "DeviceThrottlingLimitExceeded"),
        (499_000, "ClientClosedRequest"), (500_001, "ServerError"), (500_002, "JobCancelled"),
        (500_008, "GenericTimeout"), (500_009, "InvalidThrottleParameter"), (500_301, "ModelRepoEndpointError"),
        (500_302, "ResolutionError"), (500_401, "UnableToFetchCredentials"), (500_402, "UnableToFetchTenantInfo"),
        (500_403, "UnableToShareIdentity"), (500_501, "UnableToExpandDiscoveryInfo"),
        (500_502, "UnableToExpandComponentInfo"), (500_503, "UnableToCompressComponentInfo"),
        (500_504, "UnableToCompressDiscoveryInfo"), (500_505, "OrphanDiscoveryDocument"),
        (502_000, "GenericBadGateway"), (503_000, "GenericServiceUnavailable"), (503_001, "ServiceUnavailable"),
        (503_003, "PartitionNotFound"), (503_004, "IotHubActivationFailed"), (503_005, "ServerBusy"),
        (503_006, "IotHubRestoring"), (503_008, "ReceiveLinkOpensThrottled"), (503_101, "ConnectionUnavailable"),
        (503_102, "DeviceUnavailable"), (503_201, "ConfigurationNotAvailable"), (503_202, "GroupNotAvailable"),
        (503_301, "HostingServiceNotAvailable"), (504_000, "GenericGatewayTimeout"), (504_101, "GatewayTimeout"),
    ]
}
