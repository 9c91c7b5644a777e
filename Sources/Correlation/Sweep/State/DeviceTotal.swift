import AzureLogs

/// The totals of a device's records at the hubs.
struct DeviceTotal: BitwiseCopyable, Sendable {
    var records: Int32 = 0
    var contacts: Int32 = 0
    var connected: Int32 = 0
    var refused: Int32 = 0
    /// When a hub first accepted it; `.min` for never.
    var firstConnected: Int64 = .min
    var hub: Int32 = 0
    var agent: Int32 = 0
    var network: Int32 = 0
    var protocolName = InternedText.none
    var first: Int64 = .max
    var last: Int64 = .min
    var lastConnected: Int64 = .min
    /// When a hub first and last refused it and nothing explains it; `.min` for never.
    var firstRefused: Int64 = .min
    var lastRefused: Int64 = .min
    var longestGap: Int64 = 0
    /// The minute in which it was last counted as dropped, and as explained.
    var dropMinute: Int32 = -1
    var explainedMinute: Int32 = -1
    /// The hub that accepted it last, and how often that was another one than before.
    var acceptedBy: Int32 = 0
    var hubChanges: Int32 = 0

    /// Notes a refusal that nothing explains.
    mutating func wasRefused(at time: Int64) {
        firstRefused = firstRefused == .min ? time : min(firstRefused, time)
        lastRefused = max(lastRefused, time)
    }

    /// Counts a record.
    mutating func count(_ event: SweepEvent, _ fact: ContextFacts) {
        records &+= Int32(truncatingIfNeeded: event.copies)
        if last != .min { longestGap = max(longestGap, event.time - last) } else { first = event.time }
        last = event.time
        if fact.instance != 0 { hub = Int32(truncatingIfNeeded: fact.instance) }
        if event.agent != 0 { agent = Int32(truncatingIfNeeded: event.agent) }
        if event.network != 0 { network = Int32(truncatingIfNeeded: event.network) }
        if !fact.protocolName.isEmpty { protocolName = fact.protocolName }
    }
}
