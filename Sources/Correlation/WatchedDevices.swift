import EventStore
import GRDB

/// Writes the keys of all events of the devices that rules about contacts look at.
enum WatchedDevices {
    /// So many connects within an hour make a device one to watch; rules may ask for more, not for fewer.
    static let connects = 8

    /// So many errors of a hub that nothing explains do so too.
    static let troubles = 2

    static func write(_ identities: [Int], _ database: Database) throws {
        let find = try PreparedStatement(database, "SELECT hash FROM event WHERE time = ? AND identity = ?")
        let insert = try PreparedStatement(database, "INSERT OR IGNORE INTO watched(time, hash) VALUES(?, ?)")
        for identity in identities {
            for time in try DeviceTimes.times(of: identity, database) {
                find.bind(1, time)
                find.bind(2, Int64(identity))
                while try find.next() {
                    insert.bind(1, time)
                    insert.bind(2, find.integer(0))
                    try insert.run()
                }
            }
        }
    }
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
