import Basics

/// The clock that local times were read off: a fixed offset, or a zone with its changes.
public struct LocalZone: Sendable {
    /// As the user wrote it.
    public let name: String
    /// Seconds east of UTC at a moment, in seconds since 1970.
    private let offset: @Sendable (Int) -> Int

    /// A zone.
    ///
    /// - Parameters:
    ///   - name: as the user wrote it.
    ///   - offset: gives seconds east of UTC at a moment, in seconds since 1970.
    public init(name: String, offset: @escaping @Sendable (Int) -> Int) {
        self.name = name
        self.offset = offset
    }

    /// A fixed offset: `Z`, `UTC`, `+01:00`, `-0530`, `+2`; nil for anything else.
    public init?(fixed text: String) {
        let lower = text.lowercased()
        if ["z", "utc", "gmt"].contains(lower) {
            self.init(name: text) { _ in 0 }
            return
        }
        guard let probe = WrittenTime.parse("2000-01-01 00:00 " + lower), let offset = probe.offset else { return nil }
        self.init(name: text) { _ in offset }
    }

    /// What a local time means.
    public enum Meaning: Sendable, Hashable {
        /// Ticks of 100 ns since 1970-01-01T00:00:00Z.
        case ticks(Int64)
        /// The clock showed this time twice, when it was set back.
        case twice
        /// The clock never showed this time: it was set forward over it.
        case never
    }

    /// The moment at which the clock showed a time, in ticks of 100 ns since 1970 on that clock.
    public func utc(_ local: Int64) -> Meaning {
        let seconds = Int(local.quotient(flooredBy: Timestamp.ticksPerSecond))
        // A day on either side: clocks are set at most once in that time.
        let candidates = Set([offset(seconds - 86_400), offset(seconds + 86_400)])
        let fitting = candidates.filter { offset(seconds - $0) == $0 }
        guard let only = fitting.first else { return .never }
        return fitting.count > 1 ? .twice : .ticks(local - Int64(only) * Timestamp.ticksPerSecond)
    }
}

/// How the times of a file are read where their form leaves something open.
public struct DateReading: Sendable {
    /// The order of day and month; nil if nothing decides it.
    public var order: DateOrder?
    /// The zone of times that are marked as local; nil if nobody said it.
    public var zone: LocalZone?

    /// Nothing is known beyond the form.
    public init(order: DateOrder? = nil, zone: LocalZone? = nil) {
        self.order = order
        self.zone = zone
    }
}
