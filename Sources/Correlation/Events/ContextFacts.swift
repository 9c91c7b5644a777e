import AzureLogs
import EventStore
import GRDB

/// What the sweep must know of a context, as numbers.
struct ContextFacts: BitwiseCopyable, Sendable, Equatable {
    var kind = EventKind.other
    var outcome = EventOutcome.other
    var code = 0
    var instance = 0
    var category: LogCategory?
    /// The hub that DPS assigned, 0 if it was not logged.
    var assignedHub = 0
    var group = InternedText.none
    var attestation = InternedText.none
    var protocolName = InternedText.none
    /// The module of the device that connected, none for the device itself.
    var module = InternedText.none
    /// What stands behind it if it failed.
    var failure: FailureClass?
    /// Whether it is what Event Grid tells of a hub's connections.
    var isEventGrid: Bool { category == .eventGrid }
    /// A bit that sets the registration categories apart.
    var categoryBit: UInt8 { category == .deviceOperations ? 1 : 2 }

    /// Whether the code is one of an attestation that failed.
    var isUnauthorized: Bool { HubCode.isUnauthorized(code) }
    /// Whether an operation on a device's identity in a hub failed.
    var isFailedIdentityOperation: Bool { kind == .identityOperation && outcome == .failed }
    /// Whether the record tells of a connect attempt, or of a disconnection that may be the refusal of one.
    var mayBeContact: Bool { kind == .connect || kind == .disconnect && outcome == .dropped && isRefusalCode }
    /// Whether a hub turned the device's identity or credential away.
    var isRefusalCode: Bool { HubCode.isRefusal(code) }
}
