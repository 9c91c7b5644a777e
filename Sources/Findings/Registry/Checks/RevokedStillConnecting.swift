import Attestation
import Basics

/// I05 and I06: what was revoked at DPS, and still connects.
enum RevokedStillConnecting: RegistryCheck {
    static let card: RuleCard = make(
        "revoked-still-connecting",
        title: "Revoked at DPS and still connecting",
        severity: .high,
        confidence: "likely",
        parameters: [
            RuleCard.Parameter(
                name: "minutes",
                value: 10,
                meaning: "after the enrollment was changed, at least, since clocks of two services differ",
                range: 0...10_080
            ),
            RuleCard.Parameter(
                name: "hours",
                value: 168,
                meaning: "before the end of the hub's logs, in which the contact lies",
                range: 1...8784
            ),
        ],
        needs: ["registry", "hub"],
        family: "enrollments",
        why: "A hub does not ask DPS: who was let in once stays in until its identity in the hub is disabled as well.",
        causes: "Only the first of two steps was done; a CA was taken out of DPS while its devices are in use.",
        fix: "Disable or delete the identities in the hub as well, or take the revocation back if it was not meant.",
        notThis:
            "A device that connected before its enrollment was changed and not since; one that was seen after it, and not"
            + " in the last days; enabled enrollments; a device that another instance lets in.",
        notChecked:
            "When a CA was taken away, which no export says; what was changed last about an enrollment: that the change"
            + " was its disabling is likely.",
        references:
            "docs/registry.md, checks; DPS, how to disenroll a device",
        summary: "{subject} still connects"
    )

    static func findings(_ context: RegistryContext) throws -> [Finding] {
        var list: [Finding] = []
        for registry in context.inputs.registries {
            for (_, enrollment) in registry.individuals.sorted(by: { $0.key < $1.key }) where !enrollment.isEnabled {
                list += try device(enrollment, registry, context)
            }
            for group in registry.groups {
                guard group.isEnabled else {
                    list += try disabledGroup(group, registry, context)
                    continue
                }
                list += try unverified(group, registry, context)
            }
        }
        return list
    }

    private static func device(_ enrollment: Enrollment, _ registry: Registry, _ context: RegistryContext) throws
        -> [Finding]
    {
        // A device may have moved to another instance, where it is let in.
        let isLetInElsewhere = context.inputs.registries.contains { $0.individual(enrollment.id)?.isEnabled == true }
        guard let changed = enrollment.lastUpdated.map(RegistryContext.microseconds), !isLetInElsewhere else {
            return []
        }
        let subject = context.device(enrollment.id, in: registry)
        let least = changed + Int64(context.value(card, "minutes")) * Microseconds.minute
        // A device id is exact (hubs tell cases apart); only without one the registration id stands for it.
        let devices = context.facts.devices(
            named: [subject.deviceID ?? enrollment.id],
            exactly: subject.deviceID != nil
        )
        for device in devices {
            guard let last = device.lastConnected, last >= least, isRecent(last, device, context) else { continue }
            var exact = subject
            exact.deviceID = device.id
            return [
                context.finding(
                    card,
                    exact,
                    hub: device.hub,
                    seen: changed...last,
                    reason: "enrollment-disabled",
                    "\(shortened(device.id)) connected to \(device.hub ?? "a hub") at \(RegistryContext.time(last)), after its"
                        + " enrollment was disabled (last changed \(RegistryContext.time(changed)))",
                    evidence: try [context.contact(last, device.id)].compactMap(\.self)
                )
            ]
        }
        return []
    }

    private static func disabledGroup(_ group: Enrollment, _ registry: Registry, _ context: RegistryContext) throws
        -> [Finding]
    {
        guard let changed = group.lastUpdated.map(RegistryContext.microseconds) else { return [] }
        let least = changed + Int64(context.value(card, "minutes")) * Microseconds.minute
        let isCA = group.attestation.word == "x509"
        return try members(
            group,
            registry,
            context,
            since: least,
            severity: isCA ? .critical : .high,
            reason: isCA ? "ca-group-disabled" : "group-disabled",
            "after the group was disabled (last changed \(RegistryContext.time(changed)))"
        )
    }

    /// A group whose CAs DPS no longer trusts.
    private static func unverified(_ group: Enrollment, _ registry: Registry, _ context: RegistryContext) throws
        -> [Finding]
    {
        guard case .x509(let certificates) = group.attestation, !certificates.caReferences.isEmpty,
            registry.listed.contains("certificates")
        else { return [] }
        let states = certificates.caReferences.map { name in registry.certificates.first { $0.name == name } }
        if states.contains(where: { $0?.isVerified == true }) { return [] }
        let isGone = states.allSatisfy { $0 == nil }
        return try members(
            group,
            registry,
            context,
            since: .min,
            severity: .critical,
            reason: isGone ? "ca-removed" : "ca-not-verified",
            "although its CA \(shortened(certificates.caReferences[0])) is \(isGone ? "not in DPS any more" : "not verified")"
        )
    }

    /// Whether a contact lies near the end of what is known of its hub: who was stopped since is not told for ever.
    private static func isRecent(_ last: Int64, _ device: LogFacts.Device, _ context: RegistryContext) -> Bool {
        let now = RegistryContext.microseconds(context.now)
        let end = device.hub.flatMap { context.facts.covered[$0]?.upperBound } ?? now
        return last >= min(now, end) - Int64(context.value(card, "hours")) * Microseconds.hour
    }

    private static func members(
        _ group: Enrollment,
        _ registry: Registry,
        _ context: RegistryContext,
        since: Int64,
        severity: Severity,
        reason: String,
        _ words: String
    ) throws -> [Finding] {
        var alive: [(device: LogFacts.Device, last: Int64)] = []
        for (key, registration) in context.facts.registrations {
            guard let name = registration.group, folded(name) == folded(group.id), registry.individual(key) == nil,
                registration.dps == nil || context.dps(registry) == nil || registration.dps == context.dps(registry)
            else { continue }
            for device in context.facts.devices(named: [registration.deviceID ?? registration.id]) {
                if let last = device.lastConnected, last >= since, isRecent(last, device, context) {
                    alive.append((device, last))
                }
            }
        }
        alive.sort { ($0.device.id, $0.last) < ($1.device.id, $1.last) }
        guard let first = alive.map(\.last).min(), let last = alive.map(\.last).max() else { return [] }
        let hubs = Set(alive.compactMap(\.device.hub))
        let places = try alive.prefix(2).compactMap { try context.contact($0.last, $0.device.id) }
        return [
            context.finding(
                card,
                context.group(group.id, in: registry),
                severity: severity,
                hub: hubs.count == 1 ? hubs.first : nil,
                seen: first...last,
                occurrences: alive.count,
                reason: reason,
                "\(alive.count) devices of \(shortened(group.id)) still connect, \(words)",
                evidence: places
            )
        ]
    }
}
