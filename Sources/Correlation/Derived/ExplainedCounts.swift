import EventStore
import GRDB

/// How many errors a benign pattern explains, by pattern, device and hub; written when the sweep is over.
struct ExplainedCounts {
    /// Pattern, instance and identity in one number, which is found several times faster than the three.
    private struct Key: Hashable {
        private static let patterns = BenignPattern.allCases
        let bits: UInt64

        init(pattern: Int, identity: Int, instance: Int) {
            bits = UInt64(pattern) << 56 | UInt64(instance) << 32 | UInt64(identity)
        }

        var pattern: BenignPattern { Self.patterns[patternNumber] }
        var patternNumber: Int { Int(bits >> 56) }
        var instance: Int { Int(bits >> 32 & 0xFF_FFFF) }
        var identity: Int { Int(bits & 0xFFFF_FFFF) }

        /// The order of the table's rows.
        func precedes(_ other: Key) -> Bool {
            (pattern.rawValue, identity, instance) < (other.pattern.rawValue, other.identity, other.instance)
        }
    }

    private struct Value {
        var events = 0
        var first: Int64
        var last: Int64
        /// Whether the row is yet to be written.
        var isNew = true

        mutating func add(_ records: Int, at time: Int64) {
            events += records
            first = min(first, time)
            last = max(last, time)
            isNew = true
        }
    }

    private var counts: [Key: Value] = [:]

    /// Counts records of an error.
    mutating func add(_ pattern: BenignPattern, time: Int64, identity: Int, instance: Int, records: Int) {
        let key = Key(pattern: pattern.number, identity: identity, instance: instance)
        counts[key, default: Value(first: time, last: time)].add(records, at: time)
    }

    /// Writes the counts as a part of a checkpoint.
    func write(_ writer: inout StateWriter) throws {
        try writer.put(entries: Array(counts)) { writer, entry in
            writer.put(entry.key.patternNumber)
            writer.put(entry.key.identity)
            writer.put(entry.key.instance)
            writer.put(entry.value.events)
            writer.put(time: entry.value.first)
            writer.put(time: entry.value.last)
        }
    }

    /// Takes up what a checkpoint holds.
    mutating func restore(_ reader: inout StateReader) throws(StateFault) {
        let patterns = BenignPattern.allCases.count
        var restored: [Key: Value] = [:]
        try reader.entries { (reader) throws(StateFault) in
            let key = Key(
                pattern: try reader.index(below: patterns),
                identity: try reader.index(below: 1 << 32),
                instance: try reader.index(below: 1 << 24)
            )
            restored[key] = Value(
                events: try reader.int(),
                first: try reader.time(),
                last: try reader.time(),
                isNew: false
            )
        }
        counts = restored
    }

    /// Deletes the rows that count errors since a time, and takes care that what stays of their counts is written again.
    mutating func reopen(since time: Int64, _ database: Database) throws {
        let patterns = BenignPattern.allCases
        let rows = try CheckedRow.all(
            database,
            sql: "DELETE FROM explained WHERE last_time >= ? RETURNING pattern, identity, instance",
            arguments: [time]
        )
        for row in rows {
            let (name, identity, instance): (String, Int, Int) = (try row[0], try row[1], try row[2])
            guard let pattern = patterns.firstIndex(where: { $0.rawValue == name }),
                (0..<1 << 32).contains(identity), (0..<1 << 24).contains(instance)
            else { continue }
            counts[Key(pattern: pattern, identity: identity, instance: instance)]?.isNew = true
        }
    }

    /// Writes the rows that are new.
    ///
    /// - Parameter mayStand: whether there are rows of an earlier run.
    func finish(mayStand: Bool, _ database: Database) throws {
        let rows = try RowWriter<ExplainedColumn>(database, keys: 3)
        // Any order gives the same rows; in that of their keys each page of the table is gone to once.
        let new = counts.filter { $0.value.isNew }
        for (key, value) in new.sorted(by: { $0.key.precedes($1.key) }) {
            try rows.write(mayStand: mayStand) { row in
                row.bind(.pattern, key.pattern.rawValue)
                row.bind(.identity, Int64(key.identity))
                row.bind(.instance, Int64(key.instance))
                row.bind(.events, Int64(value.events))
                row.bind(.firstTime, value.first)
                row.bind(.lastTime, value.last)
            }
        }
    }
}
