import AzureLogs
import EventStore
import GRDB

/// Where a sweep begins: at the first event, or at a checkpoint with what was derived before it.
struct SweepStart: Sendable {
    /// Events before this were swept; microseconds since 1970, `.min` for none.
    var time: Int64 = .min
    /// Attempts that were over by then.
    var attempts = 0
    /// The first segment of `device_times` to be written.
    var segment = 0

    /// Whether something stands from before.
    var isResumed: Bool { time != .min }

    /// Whether these can be the numbers of a checkpoint: a time within some 36,000 years, and counts.
    var isPlausible: Bool {
        abs(time / 2) < 1 << 59 && (0..<1 << 48).contains(attempts) && (0..<1 << 32).contains(segment)
    }
}
