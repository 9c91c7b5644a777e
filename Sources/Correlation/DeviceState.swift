/// A hub's error that waits for what comes next to be explained or not.
struct PendingTrouble: Sendable {
    var event: SweepEvent
    var role: TroubleRole
    @Small var code: Int
    @Small var hub: Int
    /// Network and SDK of the session that it ended, 0 if none was known.
    @Small var sessionNetwork = 0
    @Small var sessionAgent = 0

    /// The error as a connect attempt that was refused.
    var contact: Contact {
        Contact(time: event.time, isOK: false, code: code, file: event.file, line: event.line)
    }

    /// Whether a contact was noted from the same record.
    func isSame(_ contact: Contact) -> Bool {
        !contact.isOK && contact.time == event.time && contact.file == event.file && contact.line == event.line
    }
}

/// What an error of a hub is about, when nothing explains it.
enum TroubleRole: String, Sendable, CaseIterable {
    case refusal
    case takeover
    case drop
    case throttle
    case quota
    case server
    case other

    /// The role by the error's code and by whether it refused a connection.
    static func of(_ code: Int, isRefusal: Bool) -> TroubleRole {
        switch code {
        case 400_027, 409_002: return .takeover
        case 403_002: return .quota
        case 429_000...429_999: return .throttle
        default: break
        }
        if isRefusal { return .refusal }
        if code >= 500_000 || code == 400_029 || code == 400_030 { return .server }
        return code == 404_104 || code / 1000 == 401 ? .drop : .other
    }
}

/// What is known of one device identity while the sweep passes.
struct DeviceState: Sendable {
    /// The hub of the session that is open, 0 if none is known.
    @Small var sessionHub = 0
    @Small var sessionNetwork = 0
    @Small var sessionAgent = 0
    var lastContact: Contact?
    @Small var lastContactHub = 0
    @Small var lastContactNetwork = 0
    @Small var lastContactAgent = 0
    /// When the last explained drop was.
    var lastDrop: Int64 = .min
    var lastTakeover: Int64 = .min
    var pending: [PendingTrouble] = []
    /// Hubs that accepted the device, oldest first.
    var hubs: [Int] = []
    var connects = ConnectTally()
    /// The latest of the sweep's busy spans that is this device's, -1 for none.
    var busySpan: Int32 = -1
    /// Unexplained refusals and take-overs in a row, and changes of the hub that follow each other.
    var runs = TroubleRuns()
    /// When it became one of which rules will look at all contacts; `.max` for not.
    var watchedSince: Int64 = .max
    /// The registration of which this is the device, 0 if none is known.
    @Small var registration = 0
    var total = DeviceTotal()

    /// Takes a connection that succeeded; `note` follows.
    ///
    /// - Returns: the hub of the session before, and whether the device becomes one to watch.
    mutating func accept(_ event: SweepEvent, by hub: Int) -> (sessionHub: Int, isWatched: Bool) {
        total.contacts &+= Int32(truncatingIfNeeded: event.copies)
        total.connected &+= Int32(truncatingIfNeeded: event.copies)
        total.lastConnected = event.time
        var isWatched = false
        let acceptedBefore = Int(total.acceptedBy)
        total.acceptedBy = Int32(truncatingIfNeeded: hub)
        if acceptedBefore != 0, acceptedBefore != hub {
            total.hubChanges &+= 1
            isWatched = runs.changedHub(at: event.time)
        }
        runs.accepted(by: hub)
        let before = sessionHub
        sessionHub = hub
        sessionNetwork = event.network
        sessionAgent = event.agent
        if !hubs.contains(hub), hubs.count < 8 { hubs.append(hub) }
        return (before, isWatched)
    }

    /// Notes a contact as the last one.
    mutating func note(_ contact: Contact, _ event: SweepEvent, at hub: Int) {
        lastContact = contact
        lastContactHub = hub
        lastContactNetwork = event.network
        lastContactAgent = event.agent
    }
}

/// What makes a device one to watch: things that happen in a row, not over the months of a log.
///
/// Rules over contacts look for three refusals without a success between them, three take-overs within a day, or hubs that
/// change to and fro within a week. Single ones, which every device has in time, must not gather.
struct TroubleRuns: BitwiseCopyable, Sendable, Equatable {
    /// Unexplained refusals since the last success at the hub that refused.
    var refusals: UInt8 = 0
    /// The hub that refused; -1 for several, of which no success ends the run.
    var hub: Int32 = 0
    /// Unexplained take-overs of which each came within a day of the one before.
    var takeovers: UInt8 = 0
    var lastTakeover: Int64 = .min
    /// Changes of the hub that accepted, of which each came within a week of the one before.
    var hubChanges: UInt8 = 0
    var lastHubChange: Int64 = .min

    /// Notes a refusal; true if it makes the device one to watch.
    mutating func refused(by refusing: Int) -> Bool {
        let refusing = Int32(truncatingIfNeeded: refusing)
        hub = refusals == 0 || hub == refusing ? refusing : -1
        refusals = min(refusals + 1, 100)
        return refusals >= WatchedDevices.troubles
    }

    /// Notes a success.
    mutating func accepted(by accepting: Int) {
        if hub == Int32(truncatingIfNeeded: accepting) { refusals = 0 }
    }

    /// Notes a take-over; true if it makes the device one to watch.
    mutating func takenOver(at time: Int64) -> Bool {
        takeovers = lastTakeover != .min && time - lastTakeover <= 86_400_000_000 ? min(takeovers + 1, 100) : 1
        lastTakeover = time
        return takeovers >= WatchedDevices.troubles
    }

    /// Notes that another hub accepted; true if it makes the device one to watch.
    mutating func changedHub(at time: Int64) -> Bool {
        hubChanges = lastHubChange != .min && time - lastHubChange <= 604_800_000_000 ? min(hubChanges + 1, 100) : 1
        lastHubChange = time
        return hubChanges >= WatchedDevices.hubChanges
    }
}

/// What a device's records at the hubs come to.
struct DeviceTotal: BitwiseCopyable, Sendable {
    var records: Int32 = 0
    var contacts: Int32 = 0
    var connected: Int32 = 0
    var refused: Int32 = 0
    var hub: Int32 = 0
    var agent: Int32 = 0
    var network: Int32 = 0
    var protocolName = Word.none
    var first: Int64 = .max
    var last: Int64 = .min
    var lastConnected: Int64 = .min
    var lastRefused: Int64 = .min
    var longestGap: Int64 = 0
    /// The minute in which it was last counted as dropped, and as explained.
    var dropMinute: Int32 = -1
    var explainedMinute: Int32 = -1
    /// The hub that accepted it last, and how often that was another one than before.
    var acceptedBy: Int32 = 0
    var hubChanges: Int32 = 0

    /// Counts a record.
    mutating func count(_ event: SweepEvent, _ fact: ContextFacts) {
        records &+= Int32(truncatingIfNeeded: event.copies)
        if last != .min { longestGap = max(longestGap, event.time - last) } else { first = event.time }
        last = event.time
        if fact.instance != 0 { hub = Int32(truncatingIfNeeded: fact.instance) }
        if event.agent != 0 { agent = Int32(truncatingIfNeeded: event.agent) }
        if event.network != 0 { network = Int32(truncatingIfNeeded: event.network) }
        if !fact.protocolName.isEmpty { protocolName = fact.protocolName }
    }
}

/// What is known of one registration while the sweep passes.
struct RegistrationState: Sendable {
    var attempt: Attempt?
    /// Whether the attempt before the open one failed.
    var hasFailed = false
    var total = RegistrationTotal()
}

/// How often a registration asked, and what was last known of it.
struct RegistrationTotal: BitwiseCopyable, Sendable {
    var attempts: Int32 = 0
    /// Attempts that DPS answered with an assignment, or let pass.
    var answered: Int32 = 0
    /// Attempts that failed with 401.
    var unauthorized: Int32 = 0
    var device: Int32 = 0
    var dps: Int32 = 0
    /// When DPS last answered with an assignment or let the registration pass, `.min` for never.
    var lastAnswered: Int64 = .min
    /// When DPS last named a hub in its log, and that hub; `.min` and 0 for never.
    var lastAssigned: Int64 = .min
    var assignedHub: Int32 = 0
    /// How often it was another hub than the time before.
    var hubMoves: Int32 = 0
    /// When the last two attempts began, the later one first; `.min` for none.
    var begun: (Int64, Int64) = (.min, .min)
    /// The shortest time from the beginning of an attempt to that of the next but one; `.max` before the third.
    var closest: Int64 = .max
    var group = Word.none

    mutating func count(_ attempt: Attempt) {
        attempts += 1
        if begun.1 != .min { closest = min(closest, attempt.started - begun.1) }
        begun = (attempt.started, begun.0)
        if attempt.outcome.isSuccess {
            answered += 1
            lastAnswered = max(lastAnswered, attempt.ended)
        }
        if attempt.outcome == .assigned, attempt.loggedHub != 0, attempt.ended >= lastAssigned {
            lastAssigned = attempt.ended
            if assignedHub != 0, Int(assignedHub) != attempt.loggedHub { hubMoves &+= 1 }
            assignedHub = Int32(truncatingIfNeeded: attempt.loggedHub)
        }
        if attempt.outcome == .failed, attempt.isUnauthorized { unauthorized += 1 }
        if attempt.device != 0 { device = Int32(truncatingIfNeeded: attempt.device) }
        if attempt.dps != 0 { dps = Int32(truncatingIfNeeded: attempt.dps) }
        if !attempt.group.isEmpty { group = attempt.group }
    }
}
