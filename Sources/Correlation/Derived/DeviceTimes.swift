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
