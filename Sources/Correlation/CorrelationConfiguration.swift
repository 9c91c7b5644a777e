/// The spans that correlation works with, in microseconds.
public struct CorrelationConfiguration: Sendable, Hashable {
    /// How long after an assignment the first contact is in time.
    public var connectWindow: Int64 = 600_000_000
    /// Records of one registration attempt lie no further apart.
    public var attemptGap: Int64 = 120_000_000
    /// How far a hub's clock may be behind the one of DPS.
    public var skew: Int64 = 5_000_000
    /// A reconnect within this span explains a drop.
    public var reconnect: Int64 = 120_000_000
    /// Drops closer together than this are never explained away: that is flapping.
    public var renewalSpacing: Int64 = 1_200_000_000
    /// A session that ends in a drop later than this after an assignment was alive at the assignment: 1.5 times the
    /// longest keep-alive that a hub allows (1767 s; IoT Hub, MQTT support).
    public var longestKeepAlive: Int64 = 2_700_000_000

    /// The defaults (docs/correlation.md).
    public init() {}

    /// A text that changes when any span does.
    var digest: String {
        "\(connectWindow)/\(attemptGap)/\(skew)/\(reconnect)/\(renewalSpacing)/\(longestKeepAlive)"
    }
}
