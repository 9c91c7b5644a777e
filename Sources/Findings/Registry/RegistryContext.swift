import Attestation
import AzureLogs
import GRDB

/// What the checks look at: the inputs, what the logs say, and the moment of judgement.
struct RegistryContext: Sendable {
    let inputs: RegistryInputs
    let facts: LogFacts
    /// The moment of judgement.
    let now: UnixTime
    /// The certificates of everything that is enabled.
    let certificates: [HeldCertificate]
    /// The newest request of each registration id in lower case.
    let requests: [String: RegistryInputs.Request]
    /// Registration ids by the device ids that enrollments and records give.
    let owners: [String: String]
    /// What a registry can say about the findings of each rule.
    private let topics: [String: Set<RegistryTopic>]
    private let place: @Sendable (Int64, String) throws -> String?

    /// A context.
    ///
    /// - Parameters:
    ///   - now: microseconds since 1970.
    ///   - rules: the cards of the rules whose findings are looked at.
    ///   - contact: gives the place of a device's contact at a time.
    init(
        _ inputs: RegistryInputs,
        _ facts: LogFacts,
        now: Int64,
        rules: [RuleCard],
        contact: @escaping @Sendable (Int64, String) throws -> String? = { _, _ in nil }
    ) {
        self.inputs = inputs
        self.facts = facts
        self.now = Self.time(now)
        certificates = HeldCertificate.all(inputs.registries)
        var newest: [String: RegistryInputs.Request] = [:]
        for item in inputs.requests {
            let id = folded(item.request.registrationID)
            // Of two without a time the later line counts.
            let known = newest[id]?.request.receivedAt ?? UnixTime(seconds: .min)
            if (item.request.receivedAt ?? UnixTime(seconds: .max)) >= known { newest[id] = item }
        }
        requests = newest
        var owners: [String: String] = [:]
        for registry in inputs.registries {
            let named =
                registry.registrations.map { ($0.key, $0.value.deviceID) }
                + registry.individuals.map { ($0.key, $0.value.deviceID) }
            // Of several the first by name, so that the order of dictionaries does not matter.
            for (key, id) in named { if let id { owners[id] = min(owners[id] ?? key, key) } }
        }
        self.owners = owners
        topics = Dictionary(rules.map { ($0.name, $0.registry) }) { first, _ in first }
        place = contact
    }

    /// Microseconds since 1970 as a moment.
    static func time(_ microseconds: Int64) -> UnixTime {
        let seconds = microseconds >= 0 ? microseconds / 1_000_000 : (microseconds - 999_999) / 1_000_000
        return UnixTime(seconds: seconds, nanoseconds: Int32(microseconds - seconds * 1_000_000) * 1000)
    }

    /// A moment in microseconds since 1970, held within what that can say.
    static func microseconds(_ time: UnixTime) -> Int64 {
        let (whole, overflow) = time.seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (time.seconds > 0 ? .max : .min) : whole + Int64(time.nanoseconds / 1000)
    }

    /// What a registry can say about a finding, by the card of its rule.
    func topics(_ finding: Finding) -> Set<RegistryTopic> { topics[finding.rule] ?? [] }

    /// The value of a check's parameter.
    func value(_ card: RuleCard, _ name: String) -> Int {
        inputs.parameters["\(card.name).\(name)"] ?? card.parameters.first { $0.name == name }?.value ?? 0
    }

    /// Where a device connected at a time, as `file:line`.
    func contact(_ time: Int64, _ device: String) throws -> String? { try place(time, device) }

    /// The DPS instance that a registry speaks of, as the logs name it; nil if that cannot be told.
    func dps(_ registry: Registry) -> String? {
        if let name = registry.name { return folded(name) }
        if let scope = registry.idScope.map(folded),
            let named = facts.scopes.filter({ $0.value.contains(scope) }).keys.min()
        {
            return named
        }
        return inputs.registries.count == 1 && facts.instances.count == 1 ? facts.instances[0] : nil
    }

    /// The instance that a request is for, by its scope, and the id as enrolled; nil if the device is not let in anyway.
    func owner(of item: RegistryInputs.Request) -> (registry: Registry, instance: Int, id: String)? {
        let id = item.request.registrationID
        let scope = folded(item.request.idScope)
        let place =
            inputs.registries.firstIndex { $0.idScope.map(folded) == scope }
            ?? inputs.registries.firstIndex { $0.individual(id) != nil } ?? inputs.registries.indices.first
        guard let place, inputs.registries[place].individual(id)?.isEnabled ?? true else { return nil }
        return (inputs.registries[place], place, inputs.registries[place].individual(id)?.id ?? id)
    }

    /// Whom a finding is about.
    struct Subject {
        var kind: String
        var name: String
        var registrationID: String?
        var deviceID: String?
        var group: String?
        var dps: String?
        /// The instance by what stays of it; two may have groups or devices of one name.
        var scope = ""
        /// What sets findings of one subject apart.
        var episode = ""
    }

    /// The device of an id, with what enrollment and record say of it.
    func device(_ id: String, in registry: Registry) -> Subject {
        let record = registry.registration(id)
        return Subject(
            kind: "device",
            name: id,
            registrationID: id,
            deviceID: registry.individual(id)?.deviceID ?? record?.deviceID
                ?? facts.registrations[folded(id)]?.deviceID,
            group: facts.registrations[folded(id)]?.group,
            dps: dps(registry),
            scope: registry.idScope ?? registry.name ?? ""
        )
    }

    /// An enrollment group.
    func group(_ id: String, in registry: Registry) -> Subject {
        Subject(
            kind: "enrollment-group",
            name: id,
            group: id,
            dps: dps(registry),
            scope: registry.idScope ?? registry.name ?? ""
        )
    }

    /// A CA of an instance, named by both.
    func authority(_ name: String, in registry: Registry) -> Subject {
        let place = dps(registry) ?? registry.idScope ?? "dps"
        return Subject(kind: "dps", name: "\(place)/\(name)", dps: dps(registry))
    }

    private func members(_ subject: Subject) -> Int {
        guard subject.kind == "enrollment-group" else { return 1 }
        return max(1, facts.members[folded(subject.name)] ?? 0)
    }

    /// A finding of a check.
    ///
    /// - Parameters:
    ///   - seen: microseconds since 1970, if the logs show something of it; a state of the registry has no time.
    ///   - occurrences: how many it counts; if nothing is said the members of a group that the logs know, else 1.
    func finding(
        _ card: RuleCard,
        _ subject: Subject,
        severity: Severity? = nil,
        confidence: String? = nil,
        hub: String? = nil,
        seen: ClosedRange<Int64>? = nil,
        occurrences: Int? = nil,
        reason: String,
        _ summary: String,
        evidence: [String] = []
    ) -> Finding {
        let places = Set([inputs.evidence] + evidence)
        return Finding(
            id: FindingID.make(
                rule: card.name,
                kind: subject.kind,
                subject: subject.name,
                episode: "\(subject.scope)/\(subject.episode)"
            ),
            rule: card.name,
            severity: severity ?? card.severity,
            confidence: confidence ?? card.confidence,
            subjectKind: subject.kind,
            subject: subject.name,
            registrationId: subject.registrationID,
            deviceId: subject.deviceID,
            enrollmentGroup: subject.group,
            dps: subject.dps,
            hub: hub,
            firstSeen: seen?.lowerBound,
            lastSeen: seen?.upperBound,
            occurrences: occurrences ?? members(subject),
            reason: reason,
            summary: summary,
            fix: card.fix,
            evidence: Array(places.sorted().prefix(3))
        )
    }
}
