import AzureLogs
import EventStore
import GRDB

/// Where a sweep begins: at the first event, or at a checkpoint with what was derived before it.
struct SweepStart: Sendable {
    /// Events before this were swept; microseconds since 1970, `.min` for none.
    var time: Int64 = .min
    /// Attempts that were over by then.
    var attempts = 0
    /// The first segment of `device_times` to be written.
    var segment = 0

    /// Whether something stands from before.
    var isResumed: Bool { time != .min }
}

/// States of the sweep at whole hours, from which a later run goes on when nothing older has changed.
///
/// A night's run so costs what the night brought: new events come behind the last checkpoint. Logs that come later than
/// that are met by an older one, and those older than all of them by a sweep from the first event.
struct Checkpoints {
    /// How far behind the last event checkpoints are kept, in microseconds: as late as logs are wont to come, and longer.
    static let ages: [Int64] = [3, 12, 25, 73, 169].map { $0 * Coverage.hour }

    /// Raised whenever the sweep or the form of its state changes.
    private static let version = 2

    /// What must be the same for a checkpoint to hold.
    let basis: String
    private let leaders: [Int]
    private let words: Words
    private let instances: Int

    init(
        _ configuration: CorrelationConfiguration,
        _ leaders: [Int],
        _ words: Words,
        instances: Int,
        _ database: Database
    )
        throws
    {
        self.leaders = leaders
        self.words = words
        self.instances = instances
        let exports = try String.fetchOne(
            database,
            sql: """
                SELECT (SELECT count(*) || '/' || coalesce(sum(hash % 1000003), 0) FROM registration_record) || '/'
                    || (SELECT count(*) || '/' || coalesce(sum(hash % 1000003), 0) FROM enrollment)
                """
        )
        basis = "\(Self.version) \(configuration.digest) \(exports ?? "")"
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
        let rows = try Row.fetchCursor(
            database,
            sql:
                "SELECT time, attempts, segment, state FROM checkpoint WHERE time <= ? AND basis = ? ORDER BY time DESC",
            arguments: [changedSince, basis]
        )
        while let row = try rows.next() {
            let start = SweepStart(time: row[0], attempts: row[1], segment: row[2])
            let data: [UInt8] = try row.withUnsafeData(atIndex: 3) { $0.map { Array($0) } ?? [] }
            var (candidate, explained) = (sweep, writer)
            do {
                try read(data, at: start.time, &candidate, &explained)
            } catch {
                // Made by another build or of another state of the names: an older one may still hold.
                continue
            }
            explained.go(on: start.attempts)
            (sweep, writer) = (candidate, explained)
            return start
        }
        return SweepStart()
    }

    /// The whole hours at which this run leaves a checkpoint, ascending.
    static func wanted(after start: SweepStart, _ database: Database) throws -> [Int64] {
        guard let last = try Int64.fetchOne(database, sql: "SELECT max(time) FROM event"),
            let first = try Int64.fetchOne(database, sql: "SELECT min(time) FROM event")
        else { return [] }
        let hour = last - last % Coverage.hour
        return ages.map { hour - $0 }.filter { $0 > max(first, start.time) }.sorted()
    }

    /// Writes the state at a time.
    func save(at time: Int64, _ sweep: Sweep, _ writer: DerivedWriter, segment: Int, _ database: Database) throws {
        var state = StateWriter(base: time)
        state.put(leaders.count)
        state.put(bits: leadersMark(leaders.count))
        state.put(instances)
        state.put(words.all) { $0.put($1) }
        sweep.write(&state)
        writer.write(&state)
        let insert = try PreparedStatement(
            database,
            "INSERT OR REPLACE INTO checkpoint(time, attempts, segment, basis, state) VALUES(?, ?, ?, ?, ?)"
        )
        insert.bind(1, time)
        insert.bind(2, Int64(writer.summary.attempts))
        insert.bind(3, Int64(segment))
        insert.bind(4, basis)
        insert.bind(5, blob: state.bytes)
        try insert.run()
    }

    /// Keeps one checkpoint for each age.
    static func thin(_ database: Database) throws {
        guard let last = try Int64.fetchOne(database, sql: "SELECT max(time) FROM event") else { return }
        let times = try Int64.fetchAll(database, sql: "SELECT time FROM checkpoint ORDER BY time DESC")
        let hour = last - last % Coverage.hour
        let kept = Set(ages.compactMap { age in times.first { $0 <= hour - age } })
        for time in times where !kept.contains(time) {
            try database.execute(sql: "DELETE FROM checkpoint WHERE time = ?", arguments: [time])
        }
    }

    private func read(_ data: [UInt8], at time: Int64, _ sweep: inout Sweep, _ writer: inout DerivedWriter)
        throws(StateFault)
    {
        var reader = StateReader(data, base: time)
        let known = try reader.index(below: leaders.count + 1)
        guard try reader.bits() == leadersMark(known), try reader.int() == instances else { throw StateFault() }
        var words = words
        reader.words = try reader.list { (reader) throws(StateFault) in try reader.text() }.map { words.word($0) }
        guard words.all.count == self.words.all.count else { throw StateFault() }
        try sweep.restore(&reader)
        try writer.restore(&reader)
        guard reader.isAtEnd else { throw StateFault() }
    }

    /// A mark of the leaders of the first identities: new names may change which spelling leads.
    private func leadersMark(_ count: Int) -> UInt64 {
        leaders.prefix(count).reduce(UInt64(count)) { Fingerprint.mix($0 ^ UInt64($1), 0x9E37_79B9_7F4A_7C15) }
    }
}
