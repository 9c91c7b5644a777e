import Basics

/// What makes a device one to watch: things that happen in a row, not over the months of a log.
///
/// Rules over contacts look for three refusals without a success between them, or three take-overs within a day. Isolated ones
/// happen to every device and must not add up.
struct TroubleRuns: BitwiseCopyable, Sendable, Equatable {
    /// Unexplained refusals since the last success at the hub that refused.
    var refusals: UInt8 = 0
    /// The hub that refused; -1 for several, of which no success ends the run.
    var hub: Int32 = 0
    /// Unexplained take-overs of which each came within a day of the one before.
    var takeovers: UInt8 = 0
    var lastTakeover: Int64 = .min

    /// Notes a refusal; true if it makes the device one to watch.
    mutating func refused(by refusing: Int) -> Bool {
        let refusing = Int32(truncatingIfNeeded: refusing)
        hub = refusals == 0 || hub == refusing ? refusing : -1
        refusals = min(refusals + 1, 100)
        return refusals >= WatchLimits.repeats
    }

    /// Notes a success.
    mutating func accepted(by accepting: Int) {
        if hub == Int32(truncatingIfNeeded: accepting) { refusals = 0 }
    }

    /// Notes a take-over; true if it makes the device one to watch.
    mutating func takenOver(at time: Int64) -> Bool {
        let isNear =
            lastTakeover != .min && time - lastTakeover <= Int64(WatchLimits.takeoverMinutes) * Microseconds.minute
        takeovers = isNear ? min(takeovers + 1, 100) : 1
        lastTakeover = time
        return takeovers >= WatchLimits.repeats
    }
}
