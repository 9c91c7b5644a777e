import AzureLogs

/// A hub's error that waits for what comes next to be explained or not.
struct PendingError: Sendable {
    var event: SweepEvent
    var role: UnexplainedRole
    @Small var code: Int
    @Small var hub: Int
    /// Network and SDK of the session that it ended, 0 if none was known.
    @Small var sessionNetwork = 0
    @Small var sessionAgent = 0
    /// Whether it refused a connection, whatever its role.
    var isRefusal = false

    /// The error as a connect attempt that was refused.
    var contact: Contact {
        Contact(time: event.time, isOK: false, code: code, file: event.file, line: event.line)
    }

    /// The error as one of a run of refusals.
    var asFailure: FailureTally.Failure {
        FailureTally.Failure(
            time: event.time,
            copies: event.copies,
            code: code,
            context: event.context,
            instance: hub,
            place: RecordPlace(file: event.file, line: event.line)
        )
    }

    /// Whether a contact was noted from the same record.
    func isSame(_ contact: Contact) -> Bool {
        !contact.isOK && contact.time == event.time && contact.file == event.file && contact.line == event.line
    }
}

/// What an error of a hub is about, when nothing explains it.
enum UnexplainedRole: String, Sendable, CaseIterable {
    case refusal
    case takeover
    case drop
    case throttle
    case quota
    case server
    case other
    /// An operation on the identities of a hub's devices that failed.
    case identity

    /// The role by the error's code and by whether it refused a connection.
    static func of(_ code: Int, isRefusal: Bool) -> UnexplainedRole {
        let known = HubCode(rawValue: code)
        switch known {
        case .connectionForcefullyClosedOnNewConnection, .linkCreationConflict: return .takeover
        case .iotHubQuotaExceeded: return .quota
        default: break
        }
        if code / 1000 == 429 { return .throttle }
        if isRefusal { return .refusal }
        switch known {
        case .connectionForcefullyClosedOnFaultInjection, .connectionRejectedOnFaultInjection: return .server
        case .deviceConnectionClosedRemotely: return .drop
        default: return code >= 500_000 ? .server : code / 1000 == 401 ? .drop : .other
        }
    }
}

/// What is known of one device identity while the sweep passes.
struct DeviceState: Sendable {
    /// The channel of the device itself; those of its modules are the sweep's `modules`.
    var own = DeviceChannel()
    /// How many of its channels have a session, and the hub where it counts as connected; 0 without one.
    @Small var openChannels = 0
    @Small var sessionHub = 0
    /// The last contact of any channel.
    var lastContact: Contact?
    @Small var lastContactHub = 0
    /// Hubs that accepted the device, oldest first.
    var hubs: [Int] = []
    var hubChanges = HubChanges()
    /// When it became one of which rules will look at all contacts; `.max` for not.
    var watchedSince: Int64 = .max
    /// The registration of which this is the device, 0 if none is known.
    @Small var registration = 0
    var total = DeviceTotal()

    /// Takes a connection that succeeded.
    ///
    /// - Returns: whether the device becomes one to watch.
    mutating func accept(_ event: SweepEvent, by hub: Int) -> Bool {
        total.contacts &+= Int32(truncatingIfNeeded: event.copies)
        total.connected &+= Int32(truncatingIfNeeded: event.copies)
        if total.firstConnected == .min { total.firstConnected = event.time }
        total.lastConnected = event.time
        var isWatched = false
        let acceptedBefore = Int(total.acceptedBy)
        total.acceptedBy = Int32(truncatingIfNeeded: hub)
        if acceptedBefore != 0, acceptedBefore != hub {
            total.hubChanges &+= 1
            isWatched = hubChanges.add(at: event.time)
        }
        if !hubs.contains(hub), hubs.count < 8 { hubs.append(hub) }
        return isWatched
    }
}

/// Changes of the hub that accepts a device, of which each came soon enough after the one before.
struct HubChanges: BitwiseCopyable, Sendable, Equatable {
    var count: UInt8 = 0
    var last: Int64 = .min

    /// Notes that another hub accepted; true if it makes the device one to watch.
    mutating func add(at time: Int64) -> Bool {
        let isNear = last != .min && time - last <= Int64(WatchLimits.hubChangeHours) * 3_600_000_000
        count = isNear ? min(count + 1, 100) : 1
        last = time
        return count >= WatchLimits.hubChanges
    }
}

/// What a device's records at the hubs come to.
struct DeviceTotal: BitwiseCopyable, Sendable {
    var records: Int32 = 0
    var contacts: Int32 = 0
    var connected: Int32 = 0
    var refused: Int32 = 0
    /// When a hub first accepted it; `.min` for never.
    var firstConnected: Int64 = .min
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
    /// The attempts that DPS refused since it last let the device in.
    var failures = FailureRun()
}

/// How often a registration asked, and what was last known of it.
struct RegistrationTotal: BitwiseCopyable, Sendable {
    var attempts: Int32 = 0
    /// Attempts that DPS answered with an assignment, or let pass.
    var answered: Int32 = 0
    /// Attempts that failed with 401.
    var unauthorized: Int32 = 0
    /// Attempts that DPS refused since it last let the device in.
    var failures: Int32 = 0
    /// When the first and the last of them began; `.min` for none.
    var failingSince: Int64 = .min
    var lastFailed: Int64 = .min
    var device: Int32 = 0
    var dps: Int32 = 0
    /// When DPS first let the device in; `.min` for never.
    var firstAnswered: Int64 = .min
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
            (failures, failingSince, lastFailed) = (0, .min, .min)
            if firstAnswered == .min { firstAnswered = attempt.ended }
            lastAnswered = max(lastAnswered, attempt.ended)
        }
        if attempt.outcome == .assigned, attempt.loggedHub != 0, attempt.ended >= lastAssigned {
            lastAssigned = attempt.ended
            if assignedHub != 0, Int(assignedHub) != attempt.loggedHub { hubMoves &+= 1 }
            assignedHub = Int32(truncatingIfNeeded: attempt.loggedHub)
        }
        if attempt.outcome == .failed, attempt.isUnauthorized { unauthorized += 1 }
        if attempt.outcome.isRefusal {
            if failures == 0 { failingSince = attempt.started }
            failures += 1
            lastFailed = attempt.started
        }
        if attempt.device != 0 { device = Int32(truncatingIfNeeded: attempt.device) }
        if attempt.dps != 0 { dps = Int32(truncatingIfNeeded: attempt.dps) }
        if !attempt.group.isEmpty { group = attempt.group }
    }
}
