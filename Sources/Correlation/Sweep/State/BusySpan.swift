import EventStore
import GRDB

/// A time in which a device connected often.
struct BusySpan: BitwiseCopyable, Sendable {
    var device: Int
    var from: Int64
    var to: Int64
    /// When it was first seen to be one.
    var noted: Int64
}
