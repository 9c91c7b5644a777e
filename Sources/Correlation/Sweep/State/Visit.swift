import AzureLogs

/// What a device did at one hub after an assignment.
struct Visit: Sendable {
    @Compact32 var hub: Int
    /// The first connect attempt, nil if only other records were seen.
    var first: Contact?
    /// The first one that succeeded.
    var accepted: Contact?
    /// When that was.
    var success: Int64? { accepted?.time }
    /// Whether a record other than a connect attempt shows the device alive there.
    var isSeen = false
}
