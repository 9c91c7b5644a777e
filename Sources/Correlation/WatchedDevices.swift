import EventStore
import GRDB

/// Writes the keys of the events of devices that rules about contacts look at.
enum WatchedDevices {
    /// So many connects within an hour make it one to watch; rules may ask for more, not for fewer.
    static let connects = 8

    /// So many errors of hubs that nothing explains make a device one to watch at all times.
    static let troubles = 3

    /// An hour, and two seconds more since the tally works with whole ones.
    static let busyTime: Int64 = 3_602_000_000

    /// Writes the keys.
    ///
    /// - Parameters:
    ///   - identities: devices of which all events are wanted.
    ///   - spans: for other devices, the times of which events are wanted.
    static func write(_ identities: [Int], _ spans: [BusySpan], _ database: Database) throws {
        let find = try PreparedStatement(database, "SELECT hash FROM event WHERE time = ? AND identity = ?")
        let insert = try PreparedStatement(database, "INSERT OR IGNORE INTO watched(time, hash) VALUES(?, ?)")
        func add(_ identity: Int, _ time: Int64) throws {
            find.bind(1, time)
            find.bind(2, Int64(identity))
            while try find.next() {
                insert.bind(1, time)
                insert.bind(2, find.integer(0))
                try insert.run()
            }
        }
        let all = Set(identities)
        for identity in identities {
            for time in try DeviceTimes.times(of: identity, database) { try add(identity, time) }
        }
        var byDevice: [Int: [BusySpan]] = [:]
        for span in spans where !all.contains(span.device) { byDevice[span.device, default: []].append(span) }
        for (identity, spans) in byDevice {
            for time in try DeviceTimes.times(of: identity, database)
            where spans.contains(where: { $0.from <= time && time <= $0.to }) {
                try add(identity, time)
            }
        }
    }
}

/// A time in which a device connected often.
struct BusySpan: BitwiseCopyable, Sendable {
    var device: Int
    var from: Int64
    var to: Int64
}

/// The last connects of a device, to tell whether many of them fell into one hour.
struct ConnectTally: BitwiseCopyable, Sendable {
    /// Seconds since the first event of all.
    private var recent = SIMD8<Int32>(repeating: .min / 2)
    private var next: UInt8 = 0

    /// Adds a connect; true if it is the eighth within an hour, ends included.
    mutating func add(_ second: Int32) -> Bool {
        recent[Int(next)] = second
        next = (next &+ 1) & 7
        // Both ends are cut to whole seconds: one more, so that none is missed.
        return second &- recent[Int(next)] <= 3601
    }
}
