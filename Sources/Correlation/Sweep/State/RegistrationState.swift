import AzureLogs

/// What is known of one registration while the sweep passes.
struct RegistrationState: Sendable {
    var attempt: Attempt?
    /// Whether the attempt before the open one failed.
    var hasFailed = false
    var total = RegistrationTotal()
    /// The attempts that DPS refused since it last let the device in.
    var failures = FailureRun()
}
