/// What is known of one channel of a device while the sweep passes: the device itself, or one of its modules.
///
/// Each has a connection, a token and an SDK of its own, so sessions, renewals, take-overs and how often it connects are told
/// apart by channel: twelve modules that each renew a token an hour are not one device that connects twelve times.
struct DeviceChannel: Sendable {
    /// The hub of the session that is open, 0 if none is known.
    @Small var sessionHub = 0
    @Small var sessionNetwork = 0
    @Small var sessionAgent = 0
    var lastContact: Contact?
    @Small var lastContactNetwork = 0
    @Small var lastContactAgent = 0
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
        let isNear = lastTakeover != .min && time - lastTakeover <= Int64(WatchLimits.takeoverMinutes) * 60_000_000
        takeovers = isNear ? min(takeovers + 1, 100) : 1
        lastTakeover = time
        return takeovers >= WatchLimits.repeats
    }
}

/// The channels of modules, numbered in the order in which they were first met.
struct ModuleChannels: Sendable {
    /// One module of a device.
    struct Entry: Sendable {
        @Small var device: Int
        var module: Word
        var state = DeviceChannel()
    }

    private var numbers: [UInt64: Int] = [:]
    var entries: [Entry] = []

    /// The number of a module's channel; a new one if it was not met before.
    mutating func number(of device: Int, _ module: Word) -> Int {
        let key = UInt64(truncatingIfNeeded: device) << 32 | UInt64(UInt32(bitPattern: module.id))
        if let known = numbers[key] { return known }
        numbers[key] = entries.count
        entries.append(Entry(device: device, module: module))
        return entries.count - 1
    }
}
