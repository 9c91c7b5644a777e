import AzureLogs

/// One device asking DPS: the call with its polls and, for a TPM, its challenge; and what followed at the hubs.
struct Attempt: Sendable {
    @Compact32 var spelling = 0
    var started: Int64 = 0
    /// Time of the record that decides.
    var ended: Int64 = 0
    /// Time of the last record.
    var last: Int64 = 0
    var outcome = EventOutcome.unknown
    @Compact32 var code = 0
    /// What stands behind the failure by the record that decides; nil if it did not fail.
    var failure: FailureClass?
    @Compact32 var context = 0
    @Compact32 var dps = 0
    var group = InternedText.none
    var attestation = InternedText.none
    @Compact32 var network = 0
    var duration: Int64 = -1
    @Compact32 var records = 0
    var categories: UInt8 = 0
    var correlation: UInt64 = 0
    var isChallenge = false
    @Compact32 var file = 0
    var line = 0
    /// The hub that DPS logged, 0 if none.
    @Compact32 var loggedHub = 0
    /// The device id that DPS logged, 0 if none.
    @Compact32 var target = 0
    /// The device's identity at the hubs.
    @Compact32 var device = 0
    var visits: [Visit] = []
    /// A connect attempt at a hub that the log does not name.
    var hasUnplacedContact = false
    /// Hubs that had accepted the device when DPS answered; nil until it did.
    var knownHubs: [Int]?
    /// The hub at which a session was open when DPS answered, 0 if none.
    @Compact32 var openHub = 0
    /// When that session was seen to end, and whether the end shows that it was alive.
    var openEnded: Int64?
    var openWasAlive = false

    init() {}

    /// Notes a contact of the device with a hub.
    mutating func note(_ contact: Contact, at hub: Int) {
        let index: Int
        if let known = visits.firstIndex(where: { $0.hub == hub }) {
            index = known
        } else {
            visits.append(Visit(hub: hub))
            index = visits.count - 1
        }
        if visits[index].first == nil { visits[index].first = contact }
        if contact.isOK, visits[index].accepted == nil { visits[index].accepted = contact }
    }

    /// The attempt that a record begins.
    init(_ event: SweepEvent, _ facts: ContextFacts) {
        spelling = event.identity
        started = event.time
        network = event.network
        take(event, facts, decides: true)
    }

    /// Adds a record.
    mutating func take(_ event: SweepEvent, _ facts: ContextFacts, decides: Bool) {
        last = max(last, event.time)
        records += 1
        categories |= facts.categoryBit
        if event.correlation != 0 { correlation = event.correlation }
        if !facts.group.isEmpty { group = facts.group }
        if !facts.attestation.isEmpty { attestation = facts.attestation }
        if event.target != 0 { target = event.target }
        if facts.assignedHub != 0 { loggedHub = facts.assignedHub }
        if facts.instance != 0 { dps = facts.instance }
        if network == 0 { network = event.network }
        duration = max(duration, event.duration)
        if decides {
            outcome = facts.outcome
            code = facts.code
            failure = facts.failure
            context = event.context
            ended = event.time
            spelling = event.identity
            file = event.file
            line = event.line
        }
    }

    /// The class of its failure by all that is known of how the device attests.
    var failureClass: FailureClass? {
        switch attestation {
        case .none: failure
        case .x509: failure?.attested(by: "x509")
        case .symmetricKey: failure?.attested(by: "symmetricKey")
        default: failure?.attested(by: "tpm")
        }
    }

    /// It as one of a run of failures.
    var asFailure: FailureTally.Failure {
        FailureTally.Failure(
            time: started,
            code: code,
            context: context,
            instance: dps,
            device: device,
            group: group,
            attestation: attestation,
            place: RecordPlace(file: file, line: line),
            isBehind: true
        )
    }

    /// Whether a hub accepted the device.
    func isAccepted(by hub: Int) -> Bool { visits.contains { $0.hub == hub && $0.success != nil } }

    /// Whether the attempt's failure is one of attestation.
    var isUnauthorized: Bool { code == 401 || code / 1000 == 401 }
}
