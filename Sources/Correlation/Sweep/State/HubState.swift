/// What a hub's devices did within one minute, and how many of them have a session.
struct HubState: BitwiseCopyable, Sendable {
    /// Devices with an open session.
    var sessions = 0
    /// The minute in hand, counted from 1970; -1 before the first record.
    var minute: Int64 = -1
    /// Devices whose session ended otherwise than by their own closing.
    var drops = 0
    /// Devices whose drop was found to be the renewal of a token or an upgrade of the service.
    var explained = 0
    /// Connect attempts that were refused.
    var refusals = 0
    /// Connect attempts that succeeded.
    var connects = 0
    /// Devices that had a session when the minute began.
    var sessionsBefore = 0

    /// Whether the minute says something.
    var isNoted: Bool { max(drops, refusals, explained) >= WatchLimits.minuteDevices }

    /// Begins another minute.
    mutating func begin(_ minute: Int64) {
        self.minute = minute
        (drops, explained, refusals, connects) = (0, 0, 0, 0)
        sessionsBefore = sessions
    }
}
