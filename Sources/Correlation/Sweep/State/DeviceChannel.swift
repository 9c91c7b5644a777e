/// What is known of one channel of a device while the sweep passes: the device itself, or one of its modules.
///
/// Each has a connection, a token and an SDK of its own, so sessions, renewals, take-overs and how often it connects are told
/// apart by channel: twelve modules that each renew a token an hour are not one device that connects twelve times.
struct DeviceChannel: Sendable {
    /// The hub of the session that is open, 0 if none is known.
    @Compact32 var sessionHub = 0
    @Compact32 var sessionNetwork = 0
    @Compact32 var sessionAgent = 0
    var lastContact: Contact?
    @Compact32 var lastContactNetwork = 0
    @Compact32 var lastContactAgent = 0
    /// When the last explained drop was.
    var lastDrop: Int64 = .min
    var lastTakeover: Int64 = .min
    var pending: [PendingError] = []
    var connects = ConnectTally()
    /// The latest of the sweep's busy spans that is this channel's, -1 for none.
    var busySpan: Int32 = -1
    /// Unexplained refusals and take-overs in a row.
    var runs = TroubleRuns()
    /// The refusals since the last success at any hub.
    var refusals = FailureRun()

    /// Whether no event has left anything here.
    var isBlank: Bool {
        lastContact == nil && pending.isEmpty && sessionHub == 0 && runs == TroubleRuns() && refusals.isEmpty
            && lastDrop == .min && lastTakeover == .min
    }

    /// Takes a connection that succeeded; `note` follows.
    mutating func accept(_ event: SweepEvent, by hub: Int) {
        runs.accepted(by: hub)
        if !refusals.isEmpty { refusals = FailureRun() }
        sessionHub = hub
        sessionNetwork = event.network
        sessionAgent = event.agent
    }

    /// Notes a contact as the last one.
    mutating func note(_ contact: Contact, _ event: SweepEvent) {
        lastContact = contact
        lastContactNetwork = event.network
        lastContactAgent = event.agent
    }
}
