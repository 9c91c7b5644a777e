import EventStore
import GRDB

/// At which times a device or registration has events: an index of a few bytes an event.
///
/// An index of SQLite's own over (identity, time) costs seven times the room and a sort of everything. Here the times of
/// a million events at a time are put in order of their identities, and each identity's times become one row of
/// differences. The event table is then asked for each of these times by its key.
enum DeviceTimes {
    /// The times of an identity's events, ascending, in microseconds.
    ///
    /// - Parameter since: earlier ones are left out.
    /// - Throws: `DatabaseError`.
    static func times(of identity: Int, since: Int64 = .min, _ database: Database) throws -> [Int64] {
        let statement = try PreparedStatement(
            database,
            "SELECT times FROM device_times WHERE segment = ? AND identity = ?"
        )
        var times: [Int64] = []
        let first = try firstSegment(since, database)
        // From one to the next that is there: of how many there should be, a database that is damaged may say anything.
        let following = try PreparedStatement(database, "SELECT min(segment) FROM device_times WHERE segment > ?")
        var segment = Int64(first) - 1
        while true {
            following.bind(1, segment)
            guard try following.next(), !following.isNull(0) else { break }
            segment = following.bits(0)
            following.reset()
            statement.bind(1, segment)
            statement.bind(2, Int64(identity))
            while try statement.next() { decode(statement.bytes(0), into: &times) }
        }
        following.reset()
        return since == .min ? times : Array(times.drop { $0 < since })
    }

    /// The segment in which a time falls at the earliest: checkpoints begin segments.
    private static func firstSegment(_ time: Int64, _ database: Database) throws -> Int {
        try Int.checkedOne(
            database,
            sql: "SELECT coalesce(max(segment), 0) FROM checkpoint WHERE time <= ?",
            arguments: [time]
        ) ?? 0
    }

    /// A difference is whole seconds, doubled, or microseconds, doubled and one more; seven bits a byte, lowest first.
    static func encode(_ time: Int64, after previous: Int64, into bytes: inout [UInt8]) {
        // Only the first may be negative: a time before 1970.
        let difference = time &- previous
        var value = UInt64(
            bitPattern: difference % 1_000_000 == 0 ? difference / 1_000_000 &* 2 : difference &* 2 &+ 1
        )
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    static func decode(_ bytes: [UInt8], into times: inout [Int64]) {
        var time: Int64 = 0
        var value: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            value |= UInt64(byte & 0x7F) << shift
            shift += 7
            if byte & 0x80 != 0 { continue }
            // Of a database that is damaged comes a time at which there is no event, and no overflow.
            let difference = Int64(bitPattern: value) >> 1
            time &+= value & 1 == 0 ? difference &* 1_000_000 : difference
            times.append(time)
            (value, shift) = (0, 0)
        }
    }
}

/// Collects the times of all events in their order, and writes them segment by segment.
struct DeviceTimesWriter {
    private static let segmentEvents = 1 << 20
    private var identities: [Int32] = []
    private var times: [Int64] = []
    /// The number of the next segment.
    private(set) var segment: Int
    private let insert: RowInserter<DeviceTimesColumn>

    init(_ database: Database, segment: Int) throws {
        self.segment = segment
        insert = try RowInserter(database)
    }

    /// Adds an event.
    mutating func add(_ event: SweepEvent) throws {
        if event.identity == 0 { return }
        identities.append(Int32(truncatingIfNeeded: event.identity))
        times.append(event.time)
        if times.count == Self.segmentEvents { try flush() }
    }

    /// Writes what was added since the last segment.
    mutating func flush() throws {
        guard let highest = identities.max().map(Int.init) else { return }
        // Counting sort by identity, which keeps the order of the times.
        var starts = [Int32](repeating: 0, count: highest + 2)
        for identity in identities { starts[Int(identity) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var sorted = [Int64](repeating: 0, count: times.count)
        var next = starts
        for (index, identity) in identities.enumerated() {
            sorted[Int(next[Int(identity)])] = times[index]
            next[Int(identity)] += 1
        }
        var bytes: [UInt8] = []
        for identity in 0...highest where starts[identity] < starts[identity + 1] {
            bytes.removeAll(keepingCapacity: true)
            var previous: Int64 = 0
            for index in Int(starts[identity])..<Int(starts[identity + 1]) where sorted[index] != previous {
                DeviceTimes.encode(sorted[index], after: previous, into: &bytes)
                previous = sorted[index]
            }
            try insert.write { row in
                row.bind(.segment, Int64(segment))
                row.bind(.identity, Int64(identity))
                row.bind(.times, blob: bytes)
            }
        }
        identities.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        segment += 1
    }
}
