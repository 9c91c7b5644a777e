import EventStore
import GRDB

/// Reads the times of one identity after the other, by statements that are compiled once.
///
/// What is written behind its making is not seen.
struct DeviceTimesReader {
    private let rows: PreparedStatement
    /// The segments that are there, ascending: of how many there should be, a database that is damaged may say anything.
    private var segments: [Int64] = []
    /// Checkpoints with the segments that they begin, ascending by their times.
    private var begun: [(time: Int64, segment: Int64)] = []

    /// - Throws: `DatabaseError`.
    init(_ database: Database) throws {
        rows = try PreparedStatement(database, "SELECT times FROM device_times WHERE segment = ? AND identity = ?")
        let following = try PreparedStatement(database, "SELECT min(segment) FROM device_times WHERE segment > ?")
        var last = Int64(-1)
        while true {
            following.bind(1, last)
            guard try following.next(), !following.isNull(0) else { break }
            last = following.bits(0)
            segments.append(last)
            following.reset()
        }
        following.reset()
        let checkpoints = try PreparedStatement(database, "SELECT time, segment FROM checkpoint ORDER BY time")
        while try checkpoints.next() { begun.append((checkpoints.integer(0), checkpoints.integer(1))) }
    }

    /// The times of an identity's events, ascending, in microseconds.
    ///
    /// - Parameter since: earlier ones are left out.
    /// - Throws: `DatabaseError`.
    func times(of identity: Int, since: Int64 = .min) throws -> [Int64] {
        // A time falls into the segment of a checkpoint before it at the earliest: checkpoints begin segments.
        let first = begun.lazy.filter { $0.time <= since }.map(\.segment).max() ?? 0
        var times: [Int64] = []
        for segment in segments where segment >= first {
            rows.bind(1, segment)
            rows.bind(2, Int64(identity))
            while try rows.next() { DeviceTimes.decode(rows.bytes(0), into: &times) }
        }
        return since == .min ? times : Array(times.drop { $0 < since })
    }
}
