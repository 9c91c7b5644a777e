/// Bounds of what the sweep remembers of a device (docs/correlation.md).
enum SweepLimits {
    /// Two records of one take-over, or of one connection, are at most this far apart, in microseconds.
    static let sameMoment: Int64 = 5_000_000
    /// The most errors of a channel that wait for an explanation; with one more nothing explains them.
    static let mostPending = 16
    /// How many of the hubs that accepted a device are remembered; one more is taken for a hub it never knew.
    static let mostHubs = 8
}
