/// Bounds of what the sweep remembers of a device (docs/correlation.md).
enum SweepLimits {
    /// Two records of one take-over, or of one connection, are at most this far apart, in microseconds.
    static let sameMoment: Int64 = 5_000_000
    /// So many errors of a channel wait for an explanation; with one more nothing explains them.
    static let mostPending = 16
    /// So many hubs are remembered that accepted a device; one behind these is taken for a hub it never knew.
    static let mostHubs = 8
}
