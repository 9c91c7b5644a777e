import FleetSimulator
import Testing

@testable import Findings

/// Lost records are found by search as a look at each of them finds them.
@Suite struct SpansInDoubtTests {
    private struct Lost {
        var span: SpansInDoubt.Span
        var id: String

        func touches(_ from: Int64, _ to: Int64) -> Bool { span.from <= to && span.to >= from }
    }

    private static func drawn(_ random: inout SplitMix64) -> [Lost] {
        (0..<Int(random.next() % 40)).map { _ in
            let from = Int64(random.next() % 50)
            let length = random.next() % 10 == 0 ? 60 : Int64(random.next() % 5)
            return Lost(
                span: SpansInDoubt.Span(
                    from: from,
                    to: from + length,
                    records: random.next() % 20 == 0 ? -1 : Int32(random.next() % 3),
                    place: 0
                ),
                id: ["", "press-1", "press-2"][Int(random.next() % 3)]
            )
        }.sorted { ($0.span.from, $0.span.to) < ($1.span.from, $1.span.to) }.enumerated().map { place, lost in
            var lost = lost
            lost.span.place = Int32(place)
            return lost
        }
    }

    @Test(arguments: 0..<300)
    func aSearchFindsWhatALookAtEachFinds(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let all = Self.drawn(&random)
        var spans = SpansInDoubt()
        for lost in all { spans.add(lost.span, of: lost.id) }
        spans.finish(isFew: seed.isMultiple(of: 2))
        #expect(spans.ids == (seed.isMultiple(of: 2) ? Set(all.map(\.id)).sorted() : []))
        for _ in 0..<40 {
            let from = Int64(random.next() % 60) - 5
            let to = random.next() % 10 == 0 ? .max : from + Int64(random.next() % 20)
            for id in ["", "press-1", "press-2", "press-3"] {
                let touched = all.filter { $0.id == id && $0.touches(from, to) }.map(\.span)
                let list = spans.list(id)
                #expect(list?.first(from, to) == touched.first?.place)
                #expect((list?.records(from, to, enough: .max) ?? -1) == Self.sum(touched, isThere: list != nil))
            }
            guard !seed.isMultiple(of: 2) else { continue }
            let touched = all.filter { $0.touches(from, to) }.map(\.span)
            #expect(spans.everybodys.first(from, to) == touched.first?.place)
            #expect((spans.everybodys.records(from, to, enough: .max) ?? -1) == Self.sum(touched, isThere: true))
        }
    }

    private static func sum(_ spans: [SpansInDoubt.Span], isThere: Bool) -> Int {
        if !isThere || spans.contains(where: { $0.records < 0 }) { return -1 }
        return spans.reduce(0) { $0 + Int($1.records) }
    }

    @Test func countingEndsOnceEnoughAreLost() {
        var spans = SpansInDoubt()
        for at in 0..<10 {
            spans.add(SpansInDoubt.Span(from: Int64(at), to: Int64(at), records: at == 9 ? -1 : 1, place: 0), of: "")
        }
        spans.finish(isFew: true)
        #expect(spans.list("")?.records(0, 20, enough: 3) == 3)
        #expect(spans.list("")?.records(0, 20, enough: 20) == nil)
    }
}
