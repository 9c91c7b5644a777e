import AzureLogs
import Basics
import EventStore
import GRDB

/// States of the sweep at whole hours, from which a later run goes on when nothing older has changed.
///
/// A night's run so costs what the night brought: new events come behind the last checkpoint. Logs that come later than
/// that are met by an older one, and those older than all of them by a sweep from the first event.
struct Checkpoints {
    /// How far behind the last event checkpoints are kept, in microseconds: as late as logs are wont to come, and longer.
    static let ages: [Int64] = [3, 12, 25, 73, 169].map { $0 * Microseconds.hour }

    /// Raised whenever the sweep or the form of its state changes.
    private static let version = 8

    /// What must be the same for a checkpoint to hold.
    let basis: String
    /// What is numbered so far.
    private(set) var leaders: [Int]
    private(set) var words: InternedTexts
    private(set) var instances: Int

    init(basis: String, _ leaders: [Int], _ words: InternedTexts, instances: Int) {
        self.basis = basis
        self.leaders = leaders
        self.words = words
        self.instances = instances
    }

    /// Learns of identities that became known behind those that are, of all words, and how many instances there are now.
    mutating func learn(leaders: [Int], _ words: InternedTexts, instances: Int) {
        self.leaders += leaders
        self.words = words
        self.instances = instances
    }

    /// What checkpoints of a database now rest on, besides the numbers of things.
    static func basis(_ configuration: CorrelationConfiguration, _ database: Database) throws -> String {
        let exports = try String.checkedOne(
            database,
            sql: """
                SELECT (SELECT count(*) || '/' || coalesce(sum(hash % 1000003), 0) FROM registration_record) || '/'
                    || (SELECT count(*) || '/' || coalesce(sum(hash % 1000003), 0) FROM enrollment)
                """
        )
        return "\(version) \(configuration.digest) \(exports ?? "")"
    }

    /// The newest checkpoint that is not behind a change, taken up by the sweep and the writer.
    ///
    /// - Returns: the start from the first event if there is none.
    func resume(
        _ sweep: inout Sweep,
        _ writer: inout DerivedWriter,
        changedSince: Int64,
        _ database: Database
    ) throws -> SweepStart {
        let rows = try CheckedRow.all(
            database,
            sql: "SELECT time, attempts, segment FROM checkpoint WHERE time <= ? AND basis = ? ORDER BY time DESC",
            arguments: [changedSince, basis]
        )
        for row in rows {
            let start = try SweepStart(time: row[0], attempts: row[1], segment: row[2])
            // Numbers that cannot be right are those of a database that is damaged: an older checkpoint may hold.
            guard start.isPlausible else { continue }
            let parts = try PreparedStatement(
                database,
                "SELECT state FROM checkpoint_part WHERE id BETWEEN ? AND ? ORDER BY id"
            )
            parts.bind(1, Self.part(0, of: start.time))
            parts.bind(2, Self.part(Self.mostParts - 1, of: start.time))
            var failure: (any Error)?
            do {
                try read(at: start.time, &sweep, &writer) { () throws(StateFault) in
                    do {
                        guard try parts.next() else { return nil }
                        guard let part = BlockCompressor.expanded(parts.bytes(0), likely: StateWriter.partSize * 2)
                        else { throw StateFault() }
                        return part
                    } catch is StateFault {
                        throw StateFault()
                    } catch {
                        failure = error
                        throw StateFault()
                    }
                }
            } catch {
                if let failure { throw failure }
                // Made by another build or of another state of the names: an older one may still hold.
                sweep.reset()
                writer.forget()
                continue
            }
            writer.go(on: start.attempts, from: start.time)
            return start
        }
        return SweepStart()
    }

    private static let mostParts: Int64 = 1 << 20

    /// The key of a part of the state of a time.
    private static func part(_ number: Int64, of time: Int64) -> Int64 { time / Microseconds.hour * mostParts + number }

    /// The whole hours at which this run leaves a checkpoint, ascending.
    ///
    /// One at the least age, and at those ages of which the start is several times as old: the state of a large fleet costs
    /// about as much as some hours of its events.
    static func wanted(after start: SweepStart, _ database: Database) throws -> [Int64] {
        guard let last = try Int64.checkedOne(database, sql: "SELECT max(time) FROM event"),
            let first = try Int64.checkedOne(database, sql: "SELECT min(time) FROM event")
        else { return [] }
        return wanted(after: start, first: first, last: last)
    }

    /// The same for events between two times.
    static func wanted(after start: SweepStart, first: Int64, last: Int64) -> [Int64] {
        let hour = last - last % Microseconds.hour
        return ages.filter { age in
            guard hour - age > max(first, start.time) else { return false }
            return !start.isResumed || age == ages[0] || hour - start.time > 3 * age
        }.map { hour - $0 }.sorted()
    }

    /// Writes the state at a time.
    func save(at time: Int64, _ sweep: Sweep, _ writer: DerivedWriter, segment: Int, _ database: Database) throws {
        let insert = try PreparedStatement(database, "INSERT OR REPLACE INTO checkpoint_part(id, state) VALUES(?, ?)")
        var number: Int64 = 0
        let compressor = BlockCompressor()
        var state = StateWriter(base: time) { part in
            // The states of devices are alike: packed they take little more than half the room.
            guard let packed = compressor.compress(part) else { throw StoreError(.failed, "zlib has no memory") }
            insert.bind(1, Self.part(number, of: time))
            insert.bind(2, blob: packed)
            try insert.run()
            number += 1
        }
        state.put(leaders.count)
        state.put(bits: leadersMark(leaders.count))
        state.put(instances)
        state.put(words.all) { $0.put($1) }
        try sweep.write(&state)
        try writer.write(&state)
        try state.finish()
        try database.execute(
            sql: "INSERT OR REPLACE INTO checkpoint(time, attempts, segment, basis) VALUES(?, ?, ?, ?)",
            arguments: [time, writer.over, segment, basis]
        )
    }

    /// Keeps the newest checkpoint, and the oldest one between two ages: it grows into the next.
    ///
    /// Of those that are older than all ages the newest stays.
    static func thin(_ database: Database) throws {
        guard let last = try Int64.checkedOne(database, sql: "SELECT max(time) FROM event") else { return }
        let times = try Int64.checkedAll(database, sql: "SELECT time FROM checkpoint ORDER BY time DESC")
        let kept = kept(times, at: last - last % Microseconds.hour)
        for time in times where !kept.contains(time) {
            try delete("time = \(time)", database)
        }
    }

    /// Those of checkpoints that are kept.
    ///
    /// - Parameters:
    ///   - times: of all, the newest first.
    ///   - hour: the newest hour with events.
    static func kept(_ times: [Int64], at hour: Int64) -> Set<Int64> {
        var kept = Set(times.prefix(1))
        for (index, age) in ages.enumerated() {
            let old = times.filter { $0 <= hour - age }
            let next = index + 1 < ages.count ? old.last { $0 > hour - ages[index + 1] } : old.first
            if let next { kept.insert(next) }
        }
        return kept
    }

    /// Deletes checkpoints with their parts.
    static func delete(_ condition: String, _ database: Database) throws {
        for time in try Int64.checkedAll(database, sql: "SELECT time FROM checkpoint WHERE \(condition)") {
            try database.execute(
                sql: "DELETE FROM checkpoint_part WHERE id BETWEEN ? AND ?",
                arguments: [part(0, of: time), part(mostParts - 1, of: time)]
            )
        }
        try database.execute(sql: "DELETE FROM checkpoint WHERE \(condition)")
    }

    private func read(
        at time: Int64,
        _ sweep: inout Sweep,
        _ writer: inout DerivedWriter,
        _ next: @escaping () throws(StateFault) -> [UInt8]?
    ) throws(StateFault) {
        var reader = StateReader(base: time, next: next)
        try reader.beginEntry()
        let known = try reader.index(below: leaders.count + 1)
        guard try reader.bits() == leadersMark(known), try reader.int() == instances else { throw StateFault() }
        var words = words
        reader.words = try reader.list { (reader) throws(StateFault) in try reader.text() }.map { words.word($0) }
        guard words.all.count == self.words.all.count else { throw StateFault() }
        try sweep.restore(&reader)
        try writer.restore(&reader)
        guard try reader.isAtEnd() else { throw StateFault() }
    }

    /// A mark of the leaders of the first identities: new names may change which spelling leads.
    private func leadersMark(_ count: Int) -> UInt64 {
        leaders.prefix(count).reduce(UInt64(count)) { Fingerprint.mix($0 ^ UInt64($1), 0x9E37_79B9_7F4A_7C15) }
    }
}
