public import AzureLogs
import Basics
import EventStore
import GRDB

/// For which hours logs of a resource and category were read.
///
/// An hour with a record is covered. Covered hours without a gap make a run. A run ends with its last hour if the
/// stream has later records, else with the stream's last record: behind that nothing is known.
public struct Coverage: Sendable {

    /// A resource's category.
    public struct Stream: Sendable, Hashable {
        /// The instance's number in this sweep.
        public var instance: Int
        /// The category.
        public var category: LogCategory
    }

    /// What was read in an hour.
    public struct Hour: Sendable, Hashable {
        /// The hour's beginning, microseconds since 1970.
        public var start: Int64
        /// Records in it.
        public var records: Int
        /// The first one's time.
        public var first: Int64
        /// The last one's time.
        public var last: Int64
    }

    /// The hours of each stream, ascending.
    public private(set) var hours: [Stream: [Hour]] = [:]

    /// Adds what was counted of an hour; hours come in ascending order.
    mutating func merge(_ stream: Stream, _ more: Hour) {
        hours[stream, default: []].merge(more)
    }

    /// The hours that stand in the database.
    static func load(_ database: Database) throws -> Coverage {
        var coverage = Coverage()
        let rows = try PreparedStatement(
            database,
            "SELECT instance, category, hour, records, first_time, last_time FROM coverage_hour ORDER BY 1, 2, 3"
        )
        while try rows.next() {
            // What covers hours is told by the categories that this build knows.
            guard let category = LogCategory(rawValue: String(decoding: rows.bytes(1), as: UTF8.self)) else { continue }
            coverage.merge(
                Stream(instance: Int(rows.integer(0)), category: category),
                Hour(
                    start: rows.integer(2),
                    records: Int(rows.integer(3)),
                    first: rows.integer(4),
                    last: rows.integer(5)
                )
            )
        }
        return coverage
    }

    /// Puts what is known of hours whose events were pruned in the place of what is left of them.
    ///
    /// - Throws: `DatabaseError`.
    mutating func recallPruned(_ database: Database) throws {
        let rows = try CheckedRow.all(
            database,
            sql: """
                SELECT n.id, p.category, p.hour, p.records, p.first_time, p.last_time
                FROM pruned_hour p JOIN instance n ON n.service = p.service AND n.name = p.instance
                """
        )
        let known = try rows.compactMap { row in
            try LogCategory(rawValue: row[1]).map { (stream: try Stream(instance: row[0], category: $0), row: row) }
        }
        for (stream, hours) in Dictionary(grouping: known, by: \.stream) {
            let known = hours.map(\.row)
            let pruned = try known.map { try Hour(start: $0[2], records: $0[3], first: $0[4], last: $0[5]) }
            let starts = Set(pruned.map(\.start))
            let left = (self.hours[stream] ?? []).filter { !starts.contains($0.start) }
            self.hours[stream] = (pruned + left).sorted { $0.start < $1.start }
        }
    }

    /// Adds hours to a stream, in whatever order.
    mutating func add(_ more: [Hour], to stream: Stream) {
        var byStart = Dictionary((hours[stream] ?? []).map { ($0.start, $0) }, uniquingKeysWith: { first, _ in first })
        for hour in more {
            guard var known = byStart[hour.start] else {
                byStart[hour.start] = hour
                continue
            }
            known.records += hour.records
            known.first = min(known.first, hour.first)
            known.last = max(known.last, hour.last)
            byStart[hour.start] = known
        }
        hours[stream] = byStart.values.sorted { $0.start < $1.start }
    }

    /// Adds the hours of a later time.
    mutating func append(_ later: Coverage) {
        for (stream, hours) in later.hours {
            for hour in hours { merge(stream, hour) }
        }
    }

    /// Whether the stream's logs were read without a gap from one time to another.
    public func covers(_ stream: Stream, from: Int64, to: Int64) -> Bool {
        guard let end = runEnd(stream, from: from, enough: to) else { return false }
        return to <= end
    }

    /// The times of an instance that the logs of some categories leave open, ascending: before the first record of a run
    /// of covered hours, and behind the last.
    func open(_ instance: Int, _ categories: [LogCategory]) -> [(from: Int64, to: Int64)] {
        var spans: [Int64: (first: Int64, last: Int64)] = [:]
        for category in categories {
            for hour in hours[Stream(instance: instance, category: category)] ?? [] {
                let known = spans[hour.start] ?? (hour.first, hour.last)
                spans[hour.start] = (min(known.first, hour.first), max(known.last, hour.last))
            }
        }
        var open: [(from: Int64, to: Int64)] = []
        var (begins, last) = (Int64.min, Int64.min)
        for (start, span) in spans.sorted(by: { $0.key < $1.key }) {
            if last == .min || start != last + Microseconds.hour { open.append((begins, span.first - 1)) }
            (begins, last) = (span.last + 1, start)
        }
        return open + [(begins, .max)]
    }

    /// The end of the covered run that holds a time; nil if the time is not covered.
    ///
    /// - Parameter enough: looking further than this is not asked for; what is given then may be an hour within the run.
    public func runEnd(_ stream: Stream, from: Int64, enough: Int64 = .max) -> Int64? {
        guard let list = hours[stream], let last = list.last else { return nil }
        let start = from - from % Microseconds.hour
        guard var index = Self.find(list, start) else { return nil }
        while index + 1 < list.count, list[index].start < enough,
            list[index + 1].start == list[index].start + Microseconds.hour
        {
            index += 1
        }
        return index + 1 < list.count ? list[index].start + Microseconds.hour : last.last
    }

    /// Whether an hour of the stream has records.
    func hasHour(_ stream: Stream, _ time: Int64) -> Bool {
        hours[stream].map { Self.find($0, time - time % Microseconds.hour) != nil } ?? false
    }

    private static func find(_ list: [Hour], _ start: Int64) -> Int? {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].start < start { low = middle + 1 } else { high = middle }
        }
        return low < list.count && list[low].start == start ? low : nil
    }
}

extension [Coverage.Hour] {
    /// Adds an hour behind the last one, or to it.
    fileprivate mutating func merge(_ more: Coverage.Hour) {
        guard let last = indices.last, self[last].start == more.start else { return append(more) }
        self[last].records += more.records
        self[last].first = Swift.min(self[last].first, more.first)
        self[last].last = Swift.max(self[last].last, more.last)
    }
}
