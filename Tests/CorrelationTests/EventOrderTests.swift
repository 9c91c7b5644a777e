import AzureLogs
import Basics
import FleetSimulator
import Testing

@testable import Correlation

@Suite struct EventOrderTests {
    /// An order that knows three contexts with ranks of their own: 1 a disconnection, 2 an assignment, 3 a connection.
    private static func order(limit: Int = EventOrder.capacity) -> EventOrder {
        var order = EventOrder(limit: limit)
        order.add(ContextFacts())
        var fact = ContextFacts()
        (fact.kind, fact.outcome) = (.disconnect, .closed)
        order.add(fact)
        (fact.kind, fact.outcome) = (.registration, .assigned)
        order.add(fact)
        (fact.kind, fact.outcome) = (.connect, .connected)
        order.add(fact)
        return order
    }

    private static func event(_ time: Int64, context: Int, hash: Int64, turn: Int = 0, copies: Int = 1) -> SweepEvent {
        var event = SweepEvent()
        event.time = time
        event.context = context
        event.hash = hash
        event.turn = turn
        event.copies = copies
        return event
    }

    private static func text(_ event: SweepEvent) -> String {
        "\(event.time) \(event.context) \(event.hash) \(event.copies) \(event.turn)"
    }

    /// The order in a box, since expectations cannot change what they look at.
    private final class Box {
        var order: EventOrder

        init(limit: Int = EventOrder.capacity) { order = EventOrderTests.order(limit: limit) }

        func add(_ event: SweepEvent) -> Bool { order.add(event) }
        func endFile() -> [SweepEvent] { take(order.endFile()) }
        func relieve() -> [SweepEvent] { take(order.relieve()) }
        func releaseAll() -> [SweepEvent] { take(order.releaseAll()) }

        private func take(_ count: Int) -> [SweepEvent] {
            let released = Array(order.waiting[..<count])
            order.drop(count)
            return released
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func whatComesByTheHourGoesOutInTotalOrderEachOnce(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func number(below limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
        let order = Box(limit: seed % 2 == 0 ? EventOrder.capacity : 700)
        var told: [SweepEvent] = []
        var released: [SweepEvent] = []
        var turn = 0
        for hour in 0..<12 {
            for _ in 0..<3 {
                for _ in 0..<number(below: 300) {
                    let time = Int64(hour) * Microseconds.hour + Int64(number(below: 3600)) * 1_000_000
                    var new = Self.event(time, context: 1 + number(below: 3), hash: Int64(number(below: 1 << 30)))
                    if number(below: 10) == 0, let known = told.suffix(20).first {
                        // It is told again, with another count.
                        turn += 1
                        new = known
                        (new.copies, new.turn) = (known.copies + 1, turn)
                    }
                    let isTaken = order.add(new)
                    #expect(isTaken == (new.time >= order.order.door))
                    if isTaken { told.append(new) }
                }
                released += order.relieve()
                released += order.endFile()
            }
        }
        #expect(!released.isEmpty)
        released += order.releaseAll()
        var latest: [[Int64]: SweepEvent] = [:]
        for event in told { latest[[event.time, event.hash]] = event }
        let ranks = [7, 0, 4, 6]
        let expected = latest.values.sorted {
            ($0.time, ranks[$0.context], $0.hash) < ($1.time, ranks[$1.context], $1.hash)
        }
        #expect(released.count == expected.count)
        for (event, due) in zip(released, expected) where Self.text(event) != Self.text(due) {
            Issue.record("\(Self.text(event)) instead of \(Self.text(due))")
            break
        }
        #expect(order.order.waiting.isEmpty)
    }

    @Test func filesMayReachAQuarterOfAnHourBack() {
        let order = Box()
        let hour = Microseconds.hour
        #expect(order.add(Self.event(9 * hour + 5, context: 3, hash: 1)))
        #expect(order.endFile().isEmpty)
        #expect(order.add(Self.event(10 * hour + 5, context: 3, hash: 2)))
        #expect(order.endFile().map(\.hash) == [1])
        #expect(order.add(Self.event(10 * hour - EventOrder.slack, context: 3, hash: 3)))
        #expect(!order.add(Self.event(10 * hour - EventOrder.slack - 1, context: 3, hash: 4)))
    }

    @Test func tooManyThatWaitLetTheOlderHalfGo() {
        let order = Box(limit: 100)
        for second in 0..<99 { #expect(order.add(Self.event(Int64(second), context: 1, hash: 1))) }
        #expect(order.relieve().isEmpty)
        #expect(order.add(Self.event(99, context: 1, hash: 1)))
        #expect(order.relieve().count == 50)
        #expect(order.order.waiting.count == 50 && order.order.door == 50)
        // All of one moment cannot be parted.
        let crowd = Box(limit: 100)
        for hash in 0..<150 { #expect(crowd.add(Self.event(7, context: 1, hash: Int64(hash)))) }
        #expect(crowd.relieve().isEmpty)
        #expect(crowd.releaseAll().count == 150)
    }
}
