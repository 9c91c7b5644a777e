import Basics
import EventStore
import GRDB

/// The sweep at work: events in, derived rows out; hours and checkpoints are noted as they are passed.
struct SweepPass {
    private(set) var sweep: Sweep
    private(set) var writer: DerivedWriter
    private var checkpoints: Checkpoints
    private var times: DeviceTimesWriter
    private var tally: CoverageTally
    /// The hours at which a checkpoint is yet to be left, ascending.
    private var wanted: ArraySlice<Int64>
    private var nextHour = Int64.min
    private let connection: Database

    /// - Parameter connection: where the rows go; the writer's.
    init(
        _ sweep: Sweep,
        _ writer: DerivedWriter,
        _ checkpoints: Checkpoints,
        from start: SweepStart,
        wanted: [Int64],
        _ tally: CoverageTally,
        _ connection: Database
    ) throws {
        self.sweep = sweep
        self.writer = writer
        self.checkpoints = checkpoints
        self.wanted = wanted[...]
        self.tally = tally
        self.connection = connection
        times = try DeviceTimesWriter(connection, segment: start.segment)
    }

    /// Learns of contexts, instances and identities that became known behind those that are.
    mutating func learn(_ facts: [ContextFacts], _ instances: Instances, leaders: [Int]) {
        let count = instances.names.count - 1
        sweep.learn(facts, instances: count, leaders: leaders)
        tally.learn(facts)
        writer.words = instances.words
        checkpoints.learn(leaders: leaders, instances.words, instances: count)
    }

    /// Learns the path of a file.
    mutating func learn(file: Int, _ path: String) { sweep.learn(file: file, path) }

    /// Takes the next events in total order.
    mutating func take(_ events: ArraySlice<SweepEvent>) throws {
        for event in events {
            if event.time >= nextHour { try begin(hourOf: event.time) }
            try times.add(event)
            tally.add(event.time, event.context, copies: event.copies)
            try sweep.take(event, &writer)
        }
    }

    private mutating func begin(hourOf time: Int64) throws {
        let hour = time - time % Microseconds.hour
        nextHour = hour + Microseconds.hour
        while let next = wanted.first, next <= time {
            try sweep.endMinutes(&writer)
            try times.flush()
            try checkpoints.save(at: next, sweep, writer, segment: times.segment, connection)
            wanted.removeFirst()
        }
        try writer.mark(hour: hour, segment: times.segment)
    }

    /// Ends the pass behind the last event.
    ///
    /// - Returns: the coverage since its start.
    mutating func finish(isResumed: Bool) throws -> Coverage {
        try times.flush()
        try sweep.finish(onlyTouched: isResumed, &writer)
        guard sweep.devices.isSound, sweep.registrations.isSound else {
            throw StoreError(.failed, "the states of the sweep cannot be read back; run again")
        }
        try writer.finish(connection)
        return tally.result()
    }
}
