/// The times of which a service's records could not be read, by whom they may be of.
///
/// As many as a million: they are found by search, and each takes some hundred bytes with its place and its id.
struct SpansInDoubt: Sendable {
    /// A time.
    struct Span: Sendable {
        /// Microseconds since 1970, both ends included.
        var from: Int64
        var to: Int64
        /// How many records were lost there; -1 for a file's rest or whole.
        var records: Int32
        /// The number of the place that tells.
        var place: Int32
    }

    /// Spans in the order in which they begin, one behind the other with others.
    struct List: Sendable {
        fileprivate let spans: ArraySlice<Span>
        /// The latest end of a span and those before it.
        fileprivate let reach: ArraySlice<Int64>

        /// The place of the first span that touches a time; nil for none.
        func first(_ from: Int64, _ to: Int64) -> Int32? {
            guard let index = touching(from, to).first else { return nil }
            return spans[index].place
        }

        /// How many records were lost in the spans that touch a time; nil if that is not known.
        ///
        /// From `enough` on they are not counted.
        func records(_ from: Int64, _ to: Int64, enough: Int) -> Int? {
            var sum = 0
            for index in touching(from, to) where spans[index].to >= from {
                if spans[index].records < 0 { return nil }
                sum += Int(spans[index].records)
                if sum >= enough { break }
            }
            return sum
        }

        /// From the first span that touches a time to the last that begins in it or before.
        private func touching(_ from: Int64, _ to: Int64) -> Range<Int> {
            let first = Self.place(in: reach) { $0 >= from }
            return first..<max(first, Self.place(in: spans) { $0.from > to })
        }

        /// The first index of which something is true, which stays so.
        private static func place<Element>(in list: ArraySlice<Element>, _ isBehind: (Element) -> Bool) -> Int {
            var (low, high) = (list.startIndex, list.endIndex)
            while low < high {
                let middle = (low + high) / 2
                if isBehind(list[middle]) { high = middle } else { low = middle + 1 }
            }
            return low
        }
    }

    private var names = NamePool()
    /// By their numbers; the spans of number n are those from `starts[n]` on.
    private var starts: [Int32] = []
    private var spans: [Span] = []
    private var reach: [Int64] = []
    private var added: [(name: Int32, span: Span)] = []
    /// All spans, whomever they may be of.
    private(set) var everybodys = List(spans: [], reach: [])
    /// The ids whose spans there are, in order; none where these are too many to be asked one after the other.
    private(set) var ids: [String] = []

    /// Adds a span; in the order in which they begin.
    ///
    /// - Parameter id: of whom its records may be, in lower case; empty for anybody.
    mutating func add(_ span: Span, of id: String) { added.append((names.number(id), span)) }

    /// Puts the spans in the order of their ids, once all are there.
    ///
    /// - Parameter isFew: whether ids are few enough to be asked one after the other.
    mutating func finish(isFew: Bool) {
        if !isFew {
            let all = added.map(\.span)
            everybodys = List(spans: all[...], reach: Self.reach(all, [0, Int32(truncatingIfNeeded: all.count)])[...])
        }
        starts = [Int32](repeating: 0, count: names.count + 1)
        for item in added { starts[Int(item.name) + 1] += 1 }
        for number in 0..<names.count { starts[number + 1] += starts[number] }
        var next = starts
        spans = [Span](repeating: Span(from: 0, to: 0, records: 0, place: 0), count: added.count)
        for item in added {
            spans[Int(next[Int(item.name)])] = item.span
            next[Int(item.name)] += 1
        }
        added = []
        reach = Self.reach(spans, starts)
        if isFew { ids = (0..<names.count).map { names[Int32($0)] }.sorted() }
    }

    private static func reach(_ spans: [Span], _ starts: [Int32]) -> [Int64] {
        var reach: [Int64] = []
        reach.reserveCapacity(spans.count)
        var list = 0
        for (index, span) in spans.enumerated() {
            while index >= Int(starts[list + 1]) { list += 1 }
            reach.append(index == Int(starts[list]) ? span.to : max(reach[index - 1], span.to))
        }
        return reach
    }

    /// The spans of an id, empty for those that may be anybody's; nil for none.
    func list(_ id: String) -> List? {
        guard let number = names.find(id) else { return nil }
        let range = Int(starts[number])..<Int(starts[number + 1])
        return List(spans: spans[range], reach: reach[range])
    }
}
