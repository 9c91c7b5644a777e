import AzureLogs

/// The errors that are normal life (IoT Hub troubleshooting; docs/correlation.md).
enum BenignPattern: String, Sendable, CaseIterable {
    /// 401003 and 404104 around the renewal of a token, then a reconnect.
    case tokenRenewal = "token-renewal"
    /// A lost connection that came back at once and stands alone.
    case reconnect
    /// The 401 that a TPM registration begins with.
    case tpmChallenge = "tpm-challenge"
    /// 409002 behind a 404104: the hub had not yet noticed the old connection's end.
    case linkConflictEcho = "link-conflict-echo"
    /// 400027 by the same device, which reconnected before the hub noticed.
    case takeOverBySelf = "take-over-by-self"
    /// 400029, 400030: the service moved its connections.
    case serviceUpgrade = "service-upgrade"

    /// The place in `allCases`.
    var number: Int {
        switch self {
        case .tokenRenewal: 0
        case .reconnect: 1
        case .tpmChallenge: 2
        case .linkConflictEcho: 3
        case .takeOverBySelf: 4
        case .serviceUpgrade: 5
        }
    }
}
