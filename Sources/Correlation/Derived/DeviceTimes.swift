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
        try DeviceTimesReader(database).times(of: identity, since: since)
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
