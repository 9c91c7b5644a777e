/// How a record says that it ended, in one word across kinds.
public enum EventOutcome: String, BitwiseCopyable, Sendable, CaseIterable {
    /// DPS gave the device a hub.
    case assigned
    /// DPS let the device pass and named no hub.
    case accepted
    /// DPS told the device to wait.
    case assigning
    /// It failed.
    case failed
    /// The enrollment is disabled.
    case disabled
    /// There were too many requests.
    case throttled
    /// An operation on enrollments or identities succeeded.
    case succeeded
    /// Nothing is known of it yet.
    case unknown
    /// A hub accepted a connection.
    case connected
    /// A hub refused one.
    case refused
    /// A connection was closed in good order.
    case closed
    /// A connection was lost or ended by the hub.
    case dropped
    /// A word that no version of dpslens writes.
    case other

    /// Which of two records of one attempt decides: the larger one.
    public var weight: Int {
        switch self {
        case .assigned: 7
        case .disabled: 6
        case .failed: 5
        case .throttled: 4
        case .accepted: 3
        case .assigning: 2
        default: 1
        }
    }

    /// Whether DPS let the device in.
    public var isSuccess: Bool { self == .assigned || self == .accepted }
    /// Whether DPS turned the device away.
    public var isRefusal: Bool { self == .failed || self == .disabled || self == .throttled }
}
