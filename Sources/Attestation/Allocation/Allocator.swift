import Basics

/// Applies allocation policies (DPS documentation, how to use allocation policies).
///
/// The hash of the evenly weighted policy is not published. So the policy gives candidates with probabilities, and a pick
/// that is this library's own: stable for a registration id and proportional to the weights, not DPS's choice.
enum Allocator {
    /// The policy in force: the enrollment's, else the instance's.
    static func policy(_ registry: Registry, _ enrollment: Enrollment) -> String {
        enrollment.allocationPolicy ?? registry.allocationPolicy
    }

    /// Chooses for a first assignment or a re-evaluated one.
    ///
    /// - Parameter only: the one hub that a webhook may answer when the policy is never to move.
    static func allocate(
        registry: Registry,
        enrollment: Enrollment,
        registrationID: String,
        current: String?,
        circumstances: Circumstances,
        only: String? = nil
    ) -> Allocation {
        let policy = policy(registry, enrollment)
        var steps = [CheckStep("allocation policy", .pass, "\(policy), \(origin(registry, enrollment))")]
        guard !registry.hubs.isEmpty else {
            steps.append(CheckStep("linked hubs", .fail, "the registry has no linked hub"))
            return .failed(400_208, noHub, steps)
        }
        let (usable, complaint) = usableHubs(registry, enrollment)
        guard !usable.isEmpty else {
            steps.append(CheckStep("linked hubs", .fail, complaint ?? "no linked hub takes part in allocation"))
            return .failed(400_208, noHub, steps)
        }
        let names = usable.map(\.name).joined(separator: ", ")
        steps.append(CheckStep("linked hubs", .pass, [names, complaint].compactMap(\.self).joined(separator: "; ")))
        switch policy {
        case "custom":
            return Webhook.allocate(
                linkedHubs: only.map { [$0] } ?? usable.map(\.name),
                address: enrollment.webhook,
                answer: circumstances.webhookAnswer,
                steps: steps
            )
        case "static":
            guard let hub = usable.first, usable.count == 1 else {
                steps.append(CheckStep("static hub", .fail, "static needs one hub, \(usable.count) are named"))
                return .failed(400_208, noHub, steps)
            }
            return chosen([.init(hub: hub.name, probability: 1)], pick: hub.name, steps)
        case "geolatency":
            return lowestLatency(usable, registrationID, current, circumstances, steps)
        case "hashed":
            return weighted(usable, registrationID, current, steps)
        default:
            return .undecided(
                usable.map { .init(hub: $0.name, probability: nil) },
                "the allocation policy \(Shown.short(policy)) is not known",
                steps
            )
        }
    }

    static let noHub = "No linked IoT hub can be used for this registration."

    private static func origin(_ registry: Registry, _ enrollment: Enrollment) -> String {
        enrollment.allocationPolicy == nil ? "the instance's default" : "set by the enrollment"
    }

    /// The hubs of the enrollment, or all, that are linked and take part; and what is odd about them.
    private static func usableHubs(
        _ registry: Registry,
        _ enrollment: Enrollment
    ) -> (hubs: [Registry.LinkedHub], complaint: String?) {
        guard let wanted = enrollment.hubs else {
            let hubs = registry.hubs.filter(\.takesPartInAllocation)
            return (hubs, nil)
        }
        var hubs: [Registry.LinkedHub] = []
        var complaints: [String] = []
        for name in wanted {
            let linked = registry.hubs.first { ASCII.lowercased($0.name) == ASCII.lowercased(name) }
            guard let linked else {
                complaints.append("\(Shown.short(name)) is not linked")
                continue
            }
            guard linked.takesPartInAllocation else {
                complaints.append("\(Shown.short(name)) has applyAllocationPolicy false")
                continue
            }
            if !hubs.contains(linked) { hubs.append(linked) }
        }
        return (hubs, complaints.isEmpty ? nil : complaints.joined(separator: ", "))
    }

    private static func lowestLatency(
        _ hubs: [Registry.LinkedHub],
        _ id: String,
        _ current: String?,
        _ circumstances: Circumstances,
        _ steps: [CheckStep]
    ) -> Allocation {
        if hubs.count == 1 { return weighted(hubs, id, current, steps) }
        let latencies = Dictionary(circumstances.latencies.map { (ASCII.lowercased($0), $1) }) { min($0, $1) }
        let measured = hubs.map { latencies[ASCII.lowercased($0.name)] }
        guard !measured.contains(nil), let best = measured.compactMap(\.self).min() else {
            let step = CheckStep("latency", .notChecked, "no latency is known for every hub")
            let pick = weightedPick(hubs, id, current)
            return Allocation(
                candidates: hubs.map { .init(hub: $0.name, probability: nil) },
                pick: pick,
                failure: nil,
                undecided: nil,
                payload: nil,
                initialTwin: nil,
                steps: steps + [step]
            )
        }
        let nearest = zip(hubs, measured).filter { $1 == best }.map(\.0)
        let step = CheckStep("latency", .pass, "lowest is \(best) ms")
        return weighted(nearest, id, current, steps + [step])
    }

    private static func weighted(
        _ hubs: [Registry.LinkedHub],
        _ id: String,
        _ current: String?,
        _ steps: [CheckStep]
    ) -> Allocation {
        let total = Double(hubs.reduce(0) { $0 + $1.weight })
        let candidates = hubs.map { Allocation.Candidate(hub: $0.name, probability: Double($0.weight) / total) }
        var steps = steps
        if hubs.count > 1 {
            steps.append(
                CheckStep("hub choice", .notChecked, "DPS's hash is not published: candidates by weight, no choice")
            )
        }
        return chosen(candidates, pick: weightedPick(hubs, id, current), steps)
    }

    /// The current hub while it is a candidate, since DPS's hash is stable too; else by weight from a hash of the id.
    ///
    /// The method is highest random weight: adding or removing one hub moves only that hub's share.
    private static func weightedPick(_ hubs: [Registry.LinkedHub], _ id: String, _ current: String?) -> String? {
        if let current, let same = hubs.first(where: { ASCII.lowercased($0.name) == ASCII.lowercased(current) }) {
            return same.name
        }
        func score(_ hub: Registry.LinkedHub) -> Double {
            let digest = StableHash.bytes("\(ASCII.lowercased(id))\n\(ASCII.lowercased(hub.name))")
            let high = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            // A uniform number in (0, 1), then the exponential form of weighted rendezvous hashing.
            let uniform = (Double(high >> 11) + 0.5) / 9_007_199_254_740_992
            return NaturalLogarithm.of(uniform) / Double(hub.weight)
        }
        return hubs.max { score($0) < score($1) }?.name
    }

    private static func chosen(
        _ candidates: [Allocation.Candidate],
        pick: String?,
        _ steps: [CheckStep]
    ) -> Allocation {
        Allocation(
            candidates: candidates,
            pick: pick,
            failure: nil,
            undecided: nil,
            payload: nil,
            initialTwin: nil,
            steps: steps
        )
    }
}
