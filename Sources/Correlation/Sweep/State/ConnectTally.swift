import EventStore
import GRDB

/// The last connects of a device, to tell whether many of them fell into one hour.
struct ConnectTally: BitwiseCopyable, Sendable {
    /// Seconds since the first event of all; as many as `WatchLimits.connects`.
    var recent = SIMD8<Int32>(repeating: .min / 2)
    var next: UInt8 = 0

    /// Adds a connect; true if it is the eighth within an hour, ends included.
    mutating func add(_ second: Int32) -> Bool {
        recent[Int(next)] = second
        next = (next &+ 1) & 7
        // Both ends are cut to whole seconds: one more, so that none is missed.
        return second &- recent[Int(next)] <= Int32(WatchLimits.busyMinutes) * 60 + 1
    }
}
