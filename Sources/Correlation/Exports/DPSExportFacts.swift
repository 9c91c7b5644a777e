import Basics

/// What exports say of a registration.
struct DPSExportFacts: Sendable {
    /// Hubs by the time of the record, oldest first.
    var hubs: [(updated: Int64, hub: Int)] = []
    /// The device's identity, 0 if no export says.
    var device = 0
    /// How its enrollment attests.
    var attestation: InternedText?
    /// The hub that its enrollment pins, 0 for none or several.
    var pinnedHub = 0
    /// The group that an export gives it.
    var group = InternedText.none

    /// The hub that records give an attempt.
    struct Recorded: Sendable, Hashable {
        /// 0 where no record says.
        var hub = 0
        /// Whether the record is of another time: what the attempt led to may have been something else.
        var isOfAnotherTime = false
    }

    /// How long before an attempt a record that it changed may be dated, in microseconds: the two clocks are DPS's own.
    private static let tolerance: Int64 = Microseconds.minute

    /// What the records say of an attempt: the one that it changed; else those before and after it where they agree, or
    /// the only ones there are.
    ///
    /// A record keeps the latest assignment alone, so that an older one says nothing certain of a later attempt. One
    /// without a time is of the time of its export and counts for every attempt.
    func recorded(from started: Int64, to ended: Int64) -> Recorded {
        let timed = hubs.filter { $0.updated > 0 }
        if timed.isEmpty {
            return Set(hubs.map(\.hub)).count == 1 ? Recorded(hub: hubs[0].hub) : Recorded()
        }
        let first = started - Self.tolerance
        if let own = timed.last(where: { first <= $0.updated && $0.updated <= ended }) { return Recorded(hub: own.hub) }
        let before = timed.last { $0.updated < first }?.hub
        let after = timed.first { $0.updated > ended }?.hub
        if let before, let after, before != after { return Recorded() }
        if before == nil, Set(timed.map(\.hub)).count > 1 { return Recorded() }
        return Recorded(hub: before ?? after ?? 0, isOfAnotherTime: true)
    }
}
