import Basics

/// What registering again does to a device that has a hub (DPS documentation, reprovisioning concepts).
struct Reprovisioner {
    /// What becomes of the device's twin.
    enum Twin: String, Sendable {
        case initial = "the enrollment's initial twin"
        case kept = "kept as it is"
        case migrated = "copied to the new hub, with the capabilities"
        case reset = "replaced by the enrollment's initial twin"
    }

    /// The policy in force.
    enum Policy: Equatable {
        case migrate
        case reset
        case never
        /// No policy is stored and the client is of the time before policies: the first hub for ever.
        case sticky
    }

    /// The policy of an enrollment for a client of that api-version.
    static func policy(_ enrollment: Enrollment, apiVersion: String?) -> Policy {
        guard let stored = enrollment.reprovisioning else {
            return APIVersion.isSticky(apiVersion) ? .sticky : .migrate
        }
        if !stored.updateHubAssignment { return .never }
        return stored.migrateDeviceData ? .migrate : .reset
    }

    static func step(_ policy: Policy, hasRecord: Bool, enrollment: Enrollment) -> CheckStep {
        let stored = enrollment.reprovisioning == nil ? "no policy stored" : "set by the enrollment"
        let words =
            switch policy {
            case .migrate: "re-provision and migrate data (\(stored))"
            case .reset: "re-provision and reset data (\(stored))"
            case .never: "never re-provision (\(stored))"
            case .sticky: "\(stored) and an api-version up to 2018-04-01: the first hub stays"
            }
        return CheckStep("re-provisioning policy", .pass, hasRecord ? words : "\(words); first registration")
    }

    /// The substatus of the record and the fate of the twin, once the hub is chosen.
    ///
    /// That a re-evaluated device that stays gets `reprovisionedToInitialAssignment` is inferred.
    static func outcome(
        _ policy: Policy,
        current: Registry.Registration?,
        hub: String
    ) -> (substatus: String, twin: Twin) {
        guard let current, let old = current.assignedHub else { return ("initialAssignment", .initial) }
        let stays = ASCII.lowercased(old) == ASCII.lowercased(hub)
        switch policy {
        case .never, .sticky: return (current.substatus ?? "initialAssignment", .kept)
        case .migrate: return stays ? ("reprovisionedToInitialAssignment", .kept) : ("deviceDataMigrated", .migrated)
        case .reset: return stays ? ("reprovisionedToInitialAssignment", .reset) : ("deviceDataReset", .reset)
        }
    }
}

/// The versions of the device API.
public enum APIVersion {
    /// The versions that are known, oldest first.
    public static let known = [
        "2017-08-31-preview", "2017-11-15", "2018-04-01", "2018-09-01-preview", "2018-11-01", "2019-03-31",
        "2019-04-15",
        "2021-06-01", "2021-10-01", "2025-07-01-preview",
    ]

    /// Whether a client of this version keeps its first hub when no policy is stored.
    public static func isSticky(_ version: String?) -> Bool { isAtMost("2018-04-01", version) }

    /// Whether a client of this version is told only `initialAssignment` (seen live with 2019-03-31).
    public static func hidesSubstatus(_ version: String?) -> Bool { isAtMost("2019-03-31", version) }

    /// Whether ids with upper case were refused (before 2018-11).
    public static func refusesUpperCase(_ version: String?) -> Bool { isAtMost("2018-09-01", version) }

    /// Whether a request may ask for a certificate.
    public static func takesSigningRequests(_ version: String?) -> Bool { !isAtMost("2025-06-30", version) }

    private static func isAtMost(_ limit: String, _ version: String?) -> Bool {
        guard let version, version.utf8.count >= 10 else { return false }
        return String(version.prefix(10)) <= limit
    }
}
