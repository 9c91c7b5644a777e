import FleetSimulator
import Testing

@testable import EventStore

/// How far times are out of order is the same wherever a file was cut.
@Suite struct TimeOrderTests {
    @Test func piecesGiveWhatTheWholeGives() {
        var random = SplitMix64(seed: 11)
        for _ in 0..<2000 {
            let count = Int(random.next() % 12)
            let times = (0..<count).map { Int64($0) * 3 + Int64(random.next() % 9) }
            for list in [times, times.reversed()] {
                var whole = TimeOrder()
                for time in list { whole.add(time) }
                var pieces = TimeOrder()
                var rest = list[...]
                while !rest.isEmpty {
                    var piece = TimeOrder()
                    let taken = Int(random.next() % 4)
                    for time in rest.prefix(taken) { piece.add(time) }
                    rest = rest.dropFirst(taken)
                    pieces.add(piece)
                }
                #expect(pieces.disorder == whole.disorder, "\(list)")
                // By its meaning: the farthest behind a later time, or before an earlier one.
                let pairs = list.indices.flatMap { later in (0..<later).map { (list[$0], list[later]) } }
                let behind = pairs.map { max(0, $0.0 - $0.1) }.max() ?? 0
                let above = pairs.map { max(0, $0.1 - $0.0) }.max() ?? 0
                #expect(whole.disorder == min(behind, above))
            }
        }
    }
}
