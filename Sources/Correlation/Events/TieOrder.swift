/// The order of events that carry the same time: by `TieRank`, then by hash.
struct TieOrder {
    private var ranks: [Int]

    /// The order by the contexts' facts.
    init(_ facts: [ContextFacts]) { ranks = facts.map { TieRank.rank($0) } }

    /// Learns of the next context.
    mutating func add(_ fact: ContextFacts) { ranks.append(TieRank.rank(fact)) }

    private func key(_ event: SweepEvent) -> (Int, Int64, Int) { (ranks[event.context], event.hash, event.turn) }

    /// Puts events of one time in order: a handful as a rule, so by insertion.
    func sort(_ events: inout [SweepEvent], _ range: Range<Int>) {
        if range.count > 64 {
            events[range].sort { key($0) < key($1) }
            return
        }
        for index in range.dropFirst() {
            let event = events[index]
            let key = key(event)
            if self.key(events[index - 1]) <= key { continue }
            var at = index
            while at > range.lowerBound, self.key(events[at - 1]) > key {
                events[at] = events[at - 1]
                at -= 1
            }
            events[at] = event
        }
    }
}
