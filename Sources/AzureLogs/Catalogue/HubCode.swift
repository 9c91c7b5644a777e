/// The codes of IoT Hub that decide something here, by the names that the hub writes (IoT Hub troubleshooting).
///
/// `HubErrorCatalogue` has all codes, with what usually causes them.
public enum HubCode: Int, Sendable, CaseIterable {
    /// Another connection took the device's place.
    case connectionForcefullyClosedOnNewConnection = 400_027
    /// The service closed the connection, as for an upgrade.
    case connectionForcefullyClosedOnFaultInjection = 400_029
    /// The service refused connections, as during an upgrade.
    case connectionRejectedOnFaultInjection = 400_030
    /// There is no hub of this name.
    case iotHubNotFound = 401_001
    /// A token that expired, or a credential that is not the one the hub holds.
    case iotHubUnauthorized = 401_003
    /// The hub's daily quota is used up.
    case iotHubQuotaExceeded = 403_002
    /// The device's identity is disabled.
    case deviceDisabled = 403_012
    /// The hub has no such device.
    case deviceNotFound = 404_001
    /// The hub moves to its other region.
    case iotHubFailingOver = 404_012
    /// The connection was lost.
    case deviceConnectionClosedRemotely = 404_104
    /// The device opened a second connection while the hub still knew the first.
    case linkCreationConflict = 409_002

    /// The HTTP status that a code stands for: its first three digits.
    @inlinable
    public static func status(_ code: Int) -> Int { code >= 1000 ? code / 1000 : code }

    /// Whether a code is that of an attestation or a credential that was not accepted: 401, or six digits that begin so.
    @inlinable
    public static func isUnauthorized(_ code: Int) -> Bool { status(code) == 401 }

    /// Whether a code says that too much was asked of the hub: 429, or the daily quota.
    public static func isThrottle(_ code: Int) -> Bool {
        status(code) == 429 || code == iotHubQuotaExceeded.rawValue
    }

    /// Whether a hub turned the device's identity or credential away.
    ///
    /// A status of 403 or 404 without more digits does not say so.
    @inlinable
    public static func isRefusal(_ code: Int) -> Bool { isUnauthorized(code) || code / 1000 == 403 || code == 404_001 }
}
