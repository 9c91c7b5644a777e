import AzureLogs

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
    var group = InternedText.none

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
