import Basics

/// Brings events that come file by file into total order.
///
/// Files come in the order of their hours, but those of one hour one after the other. So events wait until the files
/// of their hour are over; events that arrive later for that time are refused.
struct EventOrder {
    /// The most events that wait, 72 bytes each.
    static let capacity = 1 << 18
    /// How far behind the beginning of a file's hour the next files may reach, in microseconds.
    static let slack: Int64 = 900_000_000

    /// The events that wait; those that were counted as released stand first, in total order.
    private(set) var waiting: [SweepEvent] = []
    /// Events before this time are given out.
    private(set) var door = Int64.min
    private let limit: Int
    private var ties = TieOrder([])
    private var isAscending = true
    /// The time of the first event of the current file; `.max` for none.
    private var fileBegins = Int64.max

    init(limit: Int = Self.capacity) { self.limit = limit }

    /// Learns of the next context.
    mutating func add(_ fact: ContextFacts) { ties.add(fact) }

    /// Takes an event; false if it comes too late.
    mutating func add(_ event: SweepEvent) -> Bool {
        if event.time < door { return false }
        if let last = waiting.last, last.time > event.time { isAscending = false }
        fileBegins = min(fileBegins, event.time)
        waiting.append(event)
        return true
    }

    /// Says that the current file is over, and counts the events that need wait no longer.
    mutating func endFile() -> Int {
        defer { fileBegins = .max }
        if fileBegins == .max { return 0 }
        return release(before: fileBegins - fileBegins % Microseconds.hour - Self.slack)
    }

    /// Counts the events that can wait no longer, because too many do: the older half.
    mutating func relieve() -> Int {
        if waiting.count < limit { return 0 }
        putInOrderOfTime()
        return release(before: waiting[waiting.count / 2].time)
    }

    /// Whether many more wait than may: most of them carry one time, which cannot be parted.
    var isOverfull: Bool { waiting.count >= 2 * limit }

    /// Counts all that are left.
    mutating func releaseAll() -> Int { release(before: .max) }

    /// Puts the events before a time in order; what was told twice stands as it was told last.
    private mutating func release(before time: Int64) -> Int {
        if time <= door { return 0 }
        door = time
        putInOrderOfTime()
        var count = 0
        var next = 0
        while next < waiting.count, waiting[next].time < time {
            var end = next + 1
            while end < waiting.count, waiting[end].time == waiting[next].time { end += 1 }
            ties.sort(&waiting, next..<end)
            for index in next..<end {
                let event = waiting[index]
                let isTold = count > 0 && waiting[count - 1].time == event.time && waiting[count - 1].hash == event.hash
                if !isTold { count += 1 }
                waiting[count - 1] = event
            }
            next = end
        }
        waiting.removeSubrange(count..<next)
        return count
    }

    private mutating func putInOrderOfTime() {
        if !isAscending { waiting.sort { $0.time < $1.time } }
        isAscending = true
    }

    /// Lets go of the first events.
    mutating func drop(_ count: Int) { waiting.removeFirst(count) }
}
