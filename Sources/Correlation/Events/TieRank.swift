import AzureLogs

/// The order of events that carry the same time.
///
/// Hubs log whole seconds, so within a second the log says nothing of the order. What ended comes first, then what DPS
/// said, then what the device did with it; failures before successes. So a second can neither put a contact before its
/// own assignment nor a refusal behind the success that followed it:
///
/// | rank | record |
/// | --- | --- |
/// | 0 | disconnection |
/// | 1 | service and identity operations |
/// | 2 | registration: failed, disabled, throttled, unknown |
/// | 3 | registration: assigning, accepted |
/// | 4 | registration: assigned |
/// | 5 | connect attempt that was refused |
/// | 6 | connect attempt that succeeded |
/// | 7 | anything else |
///
/// Equal ranks are ordered by the events' hashes, which depend on their content alone.
enum TieRank {
    static func rank(_ facts: ContextFacts) -> Int {
        switch (facts.kind, facts.outcome) {
        case (.disconnect, _): 0
        case (.serviceOperation, _), (.identityOperation, _): 1
        case (.registration, .assigned): 4
        case (.registration, .accepted), (.registration, .assigning): 3
        case (.registration, _): 2
        case (.connect, .connected): 6
        case (.connect, _): 5
        default: 7
        }
    }
}
