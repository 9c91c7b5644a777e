import AzureLogs

/// A hub's error that waits for what comes next to be explained or not.
struct PendingError: Sendable {
    var event: SweepEvent
    var role: UnexplainedRole
    @Compact32 var code: Int
    @Compact32 var hub: Int
    /// Network and SDK of the session that it ended, 0 if none was known.
    @Compact32 var sessionNetwork = 0
    @Compact32 var sessionAgent = 0
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
