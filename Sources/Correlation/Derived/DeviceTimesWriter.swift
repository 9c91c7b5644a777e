import EventStore
import GRDB

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
