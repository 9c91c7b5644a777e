import Basics
public import EventStore
import GRDB

/// A fleet over time and in shares: the numbers behind the charts of a report.
public struct FleetCharts: Sendable, Hashable {
    /// Attempts that ended in one way.
    public struct End: Sendable, Hashable {
        /// What DPS said.
        public var outcome: String
        /// What followed at the hub; empty for attempts that were not let in.
        public var journey: String
        /// Whether the assigned hub is known.
        public var isHubKnown: Bool
        /// How many attempts.
        public var attempts: Int

        /// Attempts that ended so.
        public init(outcome: String, journey: String, isHubKnown: Bool, attempts: Int) {
            self.outcome = outcome
            self.journey = journey
            self.isHubKnown = isHubKnown
            self.attempts = attempts
        }
    }

    /// What happened in one span of time.
    public struct Bucket: Sendable, Hashable {
        /// Its beginning, microseconds since 1970.
        public var time: Int64
        /// Attempts by what became of them: a journey's name, or the outcome of those that were not let in.
        public var attempts: [String: Int] = [:]
        /// Connections that hubs accepted.
        public var connections = 0
        /// Refusals and losses of connections that nothing explains, without throttling.
        public var hubErrors = 0
        /// Refusals by a hub that throttles or has reached its quota.
        public var hubThrottled = 0
        /// Errors that a benign pattern explains.
        public var normalErrors = 0
        /// Whether any log of a DPS instance has records of this time.
        public var hasDPSLogs = false
        /// Whether any log of a hub has records of this time.
        public var hasHubLogs = false
    }

    /// Assignments to one hub beside its weight.
    public struct Share: Sendable, Hashable {
        /// The hub.
        public var hub: String
        /// Attempts that were assigned to it.
        public var assigned: Int
        /// The weight of an export; nil if none was read.
        public var weight: Int?
    }

    /// Failures of those that have one value of an attribute.
    public struct Multiple: Sendable, Hashable {
        /// `enrollment group`, `hub`, `SDK`, `protocol` or `network`.
        public var attribute: String
        /// The value.
        public var value: String
        /// Failures by bucket.
        public var failures: [Int]
        /// Devices that have the value.
        public var devices: Int
        /// Failures in all.
        public var total: Int { failures.reduce(0, +) }
    }

    /// One device's events by bucket.
    public struct HeatRow: Sendable, Hashable {
        /// The device.
        public var device: String
        /// Events by bucket.
        public var events: [Int]
    }

    /// How much is read.
    public enum Depth: Sendable {
        /// What costs as much as there were attempts and unexplained errors: for a terminal.
        case sparse
        /// Everything; reads each event once.
        case full
    }

    /// The length of a bucket, microseconds.
    public var step: Int64 = Microseconds.hour
    /// The buckets without a gap, oldest first.
    public var buckets: [Bucket] = []
    /// How attempts ended, in total order.
    public var ends: [End] = []
    /// Journeys by the time from assignment to first connection, in the classes of `delayBounds`.
    public var delays: [Int] = []
    /// Assignments by hub, most first.
    public var shares: [Share] = []
    /// Failures by attribute and value, most first within an attribute.
    public var multiples: [Multiple] = []
    /// How many values each attribute has beyond those in `multiples`.
    public var multiplesLeftOut: [String: Int] = [:]
    /// The devices that were asked for, in their order.
    public var heat: [HeatRow] = []

    /// Upper ends of the classes of delays, microseconds; the last class has none.
    public static let delayBounds: [Int64] = [1, 2, 5, 10, 30, 60, 120, 300, 600].map { $0 * 1_000_000 }
    /// The most buckets.
    static let most = 96
    /// The most values of one attribute.
    static let values = 6

    /// Charts without anything.
    public init() {}

    /// Reads the charts of a database that is up to date.
    ///
    /// - Parameters:
    ///   - range: microseconds of which they speak; nil for all.
    ///   - devices: whose events are counted by bucket, in this order.
    ///   - depth: how much is read.
    /// - Throws: `DatabaseError`.
    public static func load(
        _ database: LogDatabase,
        between range: ClosedRange<Int64>?,
        devices: [String],
        depth: Depth = .full
    ) throws -> FleetCharts {
        try database.access.read { connection in
            var charts = FleetCharts()
            let first = try Int64.checkedOne(connection, sql: "SELECT min(time) FROM event")
            let last = try Int64.checkedOne(connection, sql: "SELECT max(time) FROM event")
            guard let first, let last else { return charts }
            let from = max(first, range?.lowerBound ?? .min)
            let to = min(last, range?.upperBound ?? .max)
            guard from <= to else { return charts }
            charts.lay(from, to)
            try charts.readAttempts(from...to, connection)
            var errors: Set<Int64> = []
            if depth == .full { errors = try charts.readEvents(from...to, connection) }
            try charts.readTroubles(from...to, of: errors, connection)
            try charts.readCoverage(connection)
            guard depth == .full else { return charts }
            try charts.readMultiples(from...to, connection)
            try charts.readShares(from...to, connection)
            for device in devices { charts.heat.append(try charts.heatRow(device, from...to, connection)) }
            return charts
        }
    }

    /// Makes the empty buckets: the shortest round step of which there are not too many.
    mutating func lay(_ from: Int64, _ to: Int64) {
        let steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080, 40_320].map { $0 * Microseconds.minute }
        let least = (to - from) / Int64(Self.most - 1) + 1
        step = steps.first { $0 >= least } ?? (least / steps[12] + 1) * steps[12]
        let begin = from.floored(to: step)
        buckets = (0...Int((to - begin) / step)).map { Bucket(time: begin + Int64($0) * step) }
    }

    /// The bucket of a time that is inside of the range.
    func place(_ time: Int64) -> Int { min(max(0, Int((time - buckets[0].time) / step)), buckets.count - 1) }
}

extension Int64 {
    /// The greatest multiple of a step that is not above.
    fileprivate func floored(to step: Int64) -> Int64 {
        let rest = self % step
        return self - (rest < 0 ? rest + step : rest)
    }
}
