import AzureLogs

/// What an error of a hub is about, when nothing explains it.
enum UnexplainedRole: String, Sendable, CaseIterable {
    case refusal
    case takeover
    case drop
    case throttle
    case quota
    case server
    case other
    /// An operation on the identities of a hub's devices that failed.
    case identity

    /// The role by the error's code and by whether it refused a connection.
    static func of(_ code: Int, isRefusal: Bool) -> UnexplainedRole {
        let known = HubCode(rawValue: code)
        switch known {
        case .connectionForcefullyClosedOnNewConnection, .linkCreationConflict: return .takeover
        case .iotHubQuotaExceeded: return .quota
        default: break
        }
        if code / 1000 == 429 { return .throttle }
        if isRefusal { return .refusal }
        switch known {
        case .connectionForcefullyClosedOnFaultInjection, .connectionRejectedOnFaultInjection: return .server
        case .deviceConnectionClosedRemotely: return .drop
        default: return code >= 500_000 ? .server : code / 1000 == 401 ? .drop : .other
        }
    }
}
