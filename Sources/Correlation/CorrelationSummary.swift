import AzureLogs
import EventStore
import GRDB

/// What a correlation found, in numbers.
public struct CorrelationSummary: Sendable, Hashable {
    /// Registration attempts.
    public var attempts = 0
    /// Records of errors that a benign pattern explains.
    public var explained = 0
    /// Records of errors that nothing explains.
    public var unexplained = 0
    /// The time of the checkpoint from which the sweep went on, in microseconds; nil if it began at the first event.
    public var resumedFrom: Int64?
    /// Whether nothing had changed, and the numbers are not counted again.
    public var isCurrent = false
    /// Whether the events were swept while they were stored.
    public var isLive = false
}
