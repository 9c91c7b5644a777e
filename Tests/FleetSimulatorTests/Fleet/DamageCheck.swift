@testable import FleetSimulator

/// Why something that was planted could not be found in damaged logs.
struct DamageCheck {
    private let fleet: Fleet
    private let damaged: DamagedLogs
    /// The ids of lost records by scenario, and how many of each.
    private var lost: [Int: [String: Int]] = [:]
    /// The ids of all lost records, also of those that belong to no scenario.
    private let lostIDs: Set<String>
    /// The ids of all records by scenario.
    private var members: [Int: Set<String>] = [:]

    init(_ fleet: Fleet, _ damaged: DamagedLogs, _ lost: [FleetRecord]) {
        self.fleet = fleet
        self.damaged = damaged
        lostIDs = Set(lost.map(\.id))
        for record in lost where record.plant != 0 { self.lost[record.plant, default: [:]][record.id, default: 0] += 1 }
        for record in fleet.book.records where record.plant != 0 {
            members[record.plant, default: []].insert(record.id)
        }
    }

    /// What was lost, nil if nothing that the truth rests on was.
    ///
    /// A device's truth rests on its own records; that of a group, a hub or an instance on those of its scenario. That a
    /// device never connected rests on the whole log of its hub in that hour.
    func reason(_ truth: Truth) -> String? {
        for planted in fleet.truths where planted.truth == truth {
            let isOfOneDevice = members[planted.plant]?.contains(truth.subject) == true
            let gone = lost[planted.plant] ?? [:]
            let count = isOfOneDevice ? gone[truth.subject] ?? 0 : gone.values.reduce(0, +)
            if count > 0 { return "\(count) of its records lost" }
            guard truth.rule == "assigned-never-connected" else { continue }
            let record = fleet.book.records.first { $0.id == truth.subject && !$0.hub.isEmpty }
            if let record, damaged.isIncomplete(hub: record.hub, second: record.second) {
                return "the log of \(record.hub) is not whole in that hour"
            }
        }
        return nil
    }

    /// Whether a record of the subject was lost: what is said of it for sure would be wrong, what is said as likely or
    /// possible may name a neighbour of what was planted.
    func isOfALostRecord(_ truth: Truth) -> Bool { lostIDs.contains(truth.subject) }

    /// Whether the subject is a batch of ids inside of one that was planted, of which records were lost: without them a
    /// device at its end is no longer known to fail, and the batch ends before it.
    func isPartOfABatch(_ truth: Truth) -> Bool {
        guard truth.rule == "group-key-failure", let found = Self.batch(truth.subject) else { return false }
        return fleet.truths.contains { planted in
            guard planted.truth.rule == truth.rule, let whole = Self.batch(planted.truth.subject) else { return false }
            return whole.stem == found.stem && whole.low <= found.low && found.high <= whole.high
                && reason(planted.truth) != nil
        }
    }

    /// `mw-00101..00124` in its parts.
    private static func batch(_ subject: String) -> (stem: Substring, low: Substring, high: Substring)? {
        guard let dots = subject.firstRange(of: "..") else { return nil }
        let first = subject[..<dots.lowerBound]
        let high = subject[dots.upperBound...]
        let low = first.suffix(high.count)
        return (first.dropLast(low.count), low, high)
    }
}
