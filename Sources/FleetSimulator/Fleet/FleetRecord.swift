/// One log record in its parts, so that it can be written in any of the shapes in which Azure hands records out.
public struct FleetRecord: Sendable {
    /// What happened, as the log's operation tells it.
    public enum Kind: UInt8, Sendable {
        /// A registration in the richer DPS log, with hub and group.
        case registration
        /// An attestation as DPS is documented to log it, with neither hub nor group.
        case attestation
        /// A change through the DPS service API.
        case serviceOperation
        /// A connect attempt at a hub.
        case connect
        /// The end of a connection to a hub.
        case disconnect
        /// An error of another of a hub's categories.
        case hubError
    }

    /// Seconds since the logs' beginning.
    public var second: Int
    /// What happened.
    public var kind: Kind
    /// The number of the resource and category in the book.
    public var place: Int
    /// The registration, enrollment or device id.
    public var id: String
    /// Six digits, 0 for a success.
    public var code = 0
    /// The error's text; empty for that of the code.
    public var message = ""
    /// `assigned`, `assigning`, `failed` or `disabled` of a registration; the operation of a change.
    public var status = ""
    /// The hub that DPS assigned, empty for none.
    public var hub = ""
    /// The enrollment group, empty if it was not logged.
    public var group = ""
    /// How the device attests.
    public var attestation = ""
    /// The protocol, as logged.
    public var transport = "Mqtt"
    /// The masked address.
    public var network = ""
    /// The SDK; logged on connects only.
    public var sdk = ""
    /// How long DPS took, milliseconds.
    public var duration = 0
    /// 128 random bits that make the correlation id; 0 for a record of a hub.
    public var correlation: (UInt64, UInt64) = (0, 0)
    /// The number of the scenario that it belongs to, 0 for healthy life.
    public var plant = 0

    /// Whether a hub wrote it.
    public var isOfHub: Bool { kind == .connect || kind == .disconnect || kind == .hubError }
}

/// A resource's category of logs.
public struct LogPlace: Sendable, Hashable {
    /// `PROVISIONINGSERVICES/NAME` or `IOTHUBS/NAME`.
    public var resource: String
    /// The category.
    public var category: String
}
