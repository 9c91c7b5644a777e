import EventStore
import GRDB

/// Copies the events of devices that rules about contacts look at: there are few, all over the table of events.
enum WatchedDevices {
    /// So many connects within an hour make it one to watch; rules may ask for more, not for fewer.
    static let connects = 8

    /// So many refusals or take-overs in a row that nothing explains make a device one to watch at all times.
    static let troubles = 3

    /// So many changes between hubs in a row make a device one to watch at all times.
    static let hubChanges = 2

    /// An hour, and two seconds more since the tally works with whole ones.
    static let busyTime: Int64 = 3_602_000_000

    /// Writes the copies.
    ///
    /// - Parameters:
    ///   - devices: devices of which all events are wanted, with the time since when that is known.
    ///   - spans: the times of which events of a device are wanted.
    ///   - start: what was noted before this time stands there already; `.min` if nothing does.
    static func write(
        _ devices: [(device: Int, since: Int64)],
        _ spans: [BusySpan],
        from start: Int64,
        _ database: Database
    ) throws {
        let insert = try PreparedStatement(
            database,
            """
            INSERT INTO watched(time, hash, noted, identity, copies, context, network, agent, file, line)
            SELECT time, hash, ?, identity, copies, context, network, agent, file, line FROM event
            WHERE time = ? AND identity = ?
            ON CONFLICT(time, hash) DO UPDATE SET noted = min(noted, excluded.noted)
            """
        )
        func add(_ identity: Int, _ noted: Int64, _ isWanted: (Int64) -> Bool) throws {
            let first = noted < start ? start : .min
            for time in try DeviceTimes.times(of: identity, since: first, database) where isWanted(time) {
                insert.bind(1, noted)
                insert.bind(2, time)
                insert.bind(3, Int64(identity))
                try insert.run()
            }
        }
        for (device, since) in devices { try add(device, since) { _ in true } }
        for span in spans where span.to >= start {
            try add(span.device, span.noted) { span.from <= $0 && $0 <= span.to }
        }
    }
}

/// A time in which a device connected often.
struct BusySpan: BitwiseCopyable, Sendable {
    var device: Int
    var from: Int64
    var to: Int64
    /// When it was first seen to be one.
    var noted: Int64
}

/// The last connects of a device, to tell whether many of them fell into one hour.
struct ConnectTally: BitwiseCopyable, Sendable {
    /// Seconds since the first event of all.
    var recent = SIMD8<Int32>(repeating: .min / 2)
    var next: UInt8 = 0

    /// Adds a connect; true if it is the eighth within an hour, ends included.
    mutating func add(_ second: Int32) -> Bool {
        recent[Int(next)] = second
        next = (next &+ 1) & 7
        // Both ends are cut to whole seconds: one more, so that none is missed.
        return second &- recent[Int(next)] <= 3601
    }
}
