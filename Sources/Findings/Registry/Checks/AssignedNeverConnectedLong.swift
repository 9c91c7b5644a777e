import Attestation

/// I10: a record of an assignment from long ago, and no sign of the device.
enum AssignedNeverConnectedLong: RegistryCheck {
    static let card: RuleCard = make(
        "assigned-never-connected-long",
        title: "Assigned long ago and not seen since",
        severity: .low,
        parameters: [
            RuleCard.Parameter(name: "days", value: 90, meaning: "days without a contact", range: 1...3652)
        ],
        needs: ["registry", "hub"],
        why: "Dead stock keeps identities and credentials alive that nobody watches.",
        causes: "The device was never delivered, broke, or was replaced under another id.",
        fix:
            "Find out where the device is. If it will not come back, delete its record and hub identity. A disabled enrollment "
            + "is kept: it keeps the device out, also of a group that would let it in again.",
        notThis:
            "Devices that any hub saw in that time; assignments that are younger; hubs whose logs do not cover the time.",
        notChecked: "Contacts at hubs of which no logs are read.",
        references: "docs/registry.md, checks",
        summary: "{subject} was assigned long ago and not seen"
    )

    static func skipped(_ context: RegistryContext) -> String? {
        let days = context.value(card, "days")
        let old = candidates(context)
        if old.isEmpty || old.contains(where: { isCovered($0.hub, context) }) { return nil }
        return "hub logs do not cover the last \(days) days"
    }

    static func findings(_ context: RegistryContext) -> [Finding] {
        let begin = RegistryContext.microseconds(limit(context))
        return candidates(context).compactMap { item in
            guard isCovered(item.hub, context) else { return nil }
            let names = [item.record.deviceID ?? item.record.registrationID, item.record.registrationID]
            let seen = context.facts.devices(named: names).contains { $0.lastTime >= begin }
            if seen { return nil }
            return context.finding(
                card,
                context.device(item.record.registrationID, in: item.registry),
                hub: item.hub,
                reason: "silent",
                "\(shortened(item.record.registrationID)) was assigned to \(item.hub) by \(item.since.description.prefix(10))"
                    + " and no hub has seen it for \(context.value(card, "days")) days"
            )
        }
    }

    private struct Candidate {
        var record: Registry.Registration
        var registry: Registry
        var hub: String
        var since: UnixTime
    }

    private static func limit(_ context: RegistryContext) -> UnixTime {
        context.now.adding(seconds: -Int64(context.value(card, "days")) * 86_400)
    }

    /// Assignments that stand since before the limit.
    private static func candidates(_ context: RegistryContext) -> [Candidate] {
        let limit = limit(context)
        return context.inputs.registries.flatMap { registry in
            registry.registrations.values.compactMap { record in
                guard record.status.map(folded) == "assigned", let hub = record.assignedHub,
                    let since = record.lastUpdated ?? record.created, since < limit
                else { return nil }
                // A registration in the logs is a sign of life that the record may not know yet.
                let key = folded(record.registrationID)
                if let last = context.facts.registrations[key]?.lastAssigned, RegistryContext.time(last) >= limit {
                    return nil
                }
                return Candidate(record: record, registry: registry, hub: shortHub(hub), since: since)
            }
        }
    }

    /// Whether the hub's log covers the time up to the moment of judgement.
    private static func isCovered(_ hub: String, _ context: RegistryContext) -> Bool {
        guard let covered = context.facts.covered[hub] else { return false }
        let hole = ObservationCheck.longestHole
        return covered.lowerBound <= RegistryContext.microseconds(limit(context)) + hole
            && covered.upperBound >= RegistryContext.microseconds(context.now) - hole
    }
}
