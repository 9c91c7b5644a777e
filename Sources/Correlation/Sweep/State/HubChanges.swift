import AzureLogs
import Basics

/// Changes of the hub that accepts a device, of which each came soon enough after the one before.
struct HubChanges: BitwiseCopyable, Sendable, Equatable {
    var count: UInt8 = 0
    var last: Int64 = .min

    /// Notes that another hub accepted; true if it makes the device one to watch.
    mutating func add(at time: Int64) -> Bool {
        let isNear = last != .min && time - last <= Int64(WatchLimits.hubChangeHours) * Microseconds.hour
        count = isNear ? min(count + 1, 100) : 1
        last = time
        return count >= WatchLimits.hubChanges
    }
}
