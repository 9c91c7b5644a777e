/// What exports say of a registration.
struct DPSExportFacts: Sendable {
    /// Hubs by the time of the record, oldest first.
    var hubs: [(updated: Int64, hub: Int)] = []
    /// The device's identity, 0 if no export says.
    var device = 0
    /// How its enrollment attests.
    var attestation: Word?
    /// The hub that its enrollment pins, 0 for none or several.
    var pinnedHub = 0
    /// The group that an export gives it.
    var group = Word.none

    /// The hub at the time of an assignment: by the newest record that is not later, else the only one ever recorded.
    func hub(at time: Int64) -> Int {
        if let newest = hubs.last(where: { $0.updated <= time }) { return newest.hub }
        return Set(hubs.map(\.hub)).count == 1 ? hubs[0].hub : 0
    }

    /// Whether all records are later: the device may have been moved since.
    func isLater(than time: Int64) -> Bool { !hubs.isEmpty && hubs.allSatisfy { $0.updated > time } }
}

/// What exports say of an enrollment group.
struct GroupFacts: Sendable {
    var attestation = Word.none
    /// The hub that the group pins, 0 for none or several.
    var pinnedHub = 0
}
