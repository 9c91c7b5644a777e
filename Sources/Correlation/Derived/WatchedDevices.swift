import Basics
import EventStore
import GRDB

/// Copies the connect attempts of devices that rules about contacts look at: there are few, all over the table of events.
///
/// Device by device, since rules ask for the contacts of some devices in the order of their times.
enum WatchedDevices {
    /// The span in which connects are counted, and two seconds more since the tally works with whole ones.
    static let busyTime = Int64(WatchLimits.busyMinutes) * Microseconds.minute + 2_000_000

    /// Writes the copies.
    ///
    /// - Parameters:
    ///   - devices: devices of which all events are wanted, with the time since when that is known.
    ///   - spans: the times of which events of a device are wanted.
    ///   - facts: of each context; what cannot be a connect attempt is left out.
    ///   - start: what was noted before this time stands there already; `.min` if nothing does.
    static func write(
        _ devices: [(device: Int, since: Int64)],
        _ spans: [BusySpan],
        _ facts: [ContextFacts],
        from start: Int64,
        _ database: Database
    ) throws {
        let read = try PreparedStatement(
            database,
            """
            SELECT hash, copies, context, network, agent, file, line FROM event WHERE time = ? AND identity = ?
            """
        )
        // Two statements of one row: of one that may change several, SQLite keeps each page as it was before.
        let insert = try RowInserter<WatchedColumn>(database, .yields)
        let renote = try PreparedStatement(
            database,
            "UPDATE watched SET noted = ?3 WHERE identity = ?4 AND time = ?1 AND hash = ?2 AND noted > ?3"
        )
        let times = try DeviceTimesReader(database)
        // In the order of their times each page of events is gone to once, so they are put in it, many at a time.
        var wanted: [(time: Int64, identity: Int32, noted: Int64)] = []
        func copy() throws {
            wanted.sort { ($0.time, $0.identity, $0.noted) < ($1.time, $1.identity, $1.noted) }
            for one in wanted {
                read.bind(1, one.time)
                read.bind(2, Int64(one.identity))
                while try read.next() {
                    guard facts[read.index(2, below: facts.count)].mayBeContact else { continue }
                    let isNew = try insert.writeCounting { row in
                        row.bind(.identity, Int64(one.identity))
                        row.bind(.time, one.time)
                        row.bind(.hash, read.bits(0))
                        row.bind(.noted, hours(one.noted))
                        row.bindId(.copies, Int(read.integer(1)))
                        row.bindId(.context, Int(read.integer(2)))
                        row.bindId(.network, Int(read.integer(3)))
                        row.bindId(.agent, Int(read.integer(4)))
                        row.bindId(.file, Int(read.integer(5)))
                        row.bindId(.line, Int(read.integer(6)))
                    }
                    if isNew { continue }
                    renote.bind(1, one.time)
                    renote.bind(2, read.bits(0))
                    renote.bind(3, Self.hours(one.noted))
                    renote.bind(4, Int64(one.identity))
                    try renote.run()
                }
            }
            wanted.removeAll(keepingCapacity: true)
        }
        func add(_ identity: Int, _ noted: Int64, _ isWanted: (Int64) -> Bool) throws {
            let first = noted < start ? start : .min
            for time in try times.times(of: identity, since: first) where isWanted(time) {
                wanted.append((time, Int32(truncatingIfNeeded: identity), noted))
            }
            if wanted.count >= mostWanted { try copy() }
        }
        for (device, since) in devices { try add(device, since) { _ in true } }
        for span in spans where span.to >= start {
            try add(span.device, span.noted) { span.from <= $0 && $0 <= span.to }
        }
        try copy()
    }

    /// The whole hours since 1970 at a time: a run goes on at a whole hour, so more need not be kept of when a device was noted.
    static func hours(_ time: Int64) -> Int64 {
        let rest = time % Microseconds.hour
        return (time - (rest < 0 ? rest + Microseconds.hour : rest)) / Microseconds.hour
    }

    /// How many are put in order at a time, 24 bytes each.
    private static let mostWanted = 1 << 18
}
