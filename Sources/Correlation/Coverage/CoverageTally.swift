import AzureLogs
import Basics

/// Counts the hours of all streams, event by event in the order of time.
///
/// One hour of each context at a time, so that the map of streams is touched once for thousands of events.
struct CoverageTally {
    private var facts: [ContextFacts]
    private var start: Int64 = -1
    private var counts: [Coverage.Hour]
    private var touched: [Int] = []
    private var coverage = Coverage()

    private static let none = Coverage.Hour(start: 0, records: 0, first: 0, last: 0)

    init(_ facts: [ContextFacts]) {
        self.facts = facts
        counts = [Coverage.Hour](repeating: Self.none, count: facts.count)
    }

    /// Learns of contexts that became known behind those that are.
    mutating func learn(_ facts: [ContextFacts]) {
        self.facts += facts
        counts += repeatElement(Self.none, count: facts.count)
    }

    /// Adds an event.
    mutating func add(_ time: Int64, _ context: Int, copies: Int) {
        if time < start || time >= start + Microseconds.hour {
            flush()
            start = time - time % Microseconds.hour
        }
        if counts[context].records == 0 {
            touched.append(context)
            counts[context].first = time
        }
        counts[context].records += copies
        counts[context].last = time
    }

    private mutating func flush() {
        for context in touched.sorted() {
            let fact = facts[context]
            let counted = counts[context]
            counts[context].records = 0
            guard fact.instance != 0, let category = fact.category, category.covers else { continue }
            coverage.merge(
                Coverage.Stream(instance: fact.instance, category: category),
                Coverage.Hour(start: start, records: counted.records, first: counted.first, last: counted.last)
            )
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// What was counted.
    mutating func result() -> Coverage {
        flush()
        return coverage
    }
}
