import Basics

/// Doubts by whom they concern, to ask for times.
struct DoubtSpans: Sendable {
    /// What a question is about.
    struct Question {
        var service: String
        /// The instance's number; nil for every one of the service.
        var instance: Int?
        /// The device or registration; nil for every one.
        var identity: Int?
        var from: Int64
        var to: Int64
        /// Whether only records are asked for that name the identity.
        var isNamed = false
    }

    private struct Key: Hashable {
        var service: String
        /// -1 for all of the service together.
        var instance: Int
        /// 0 for doubts that may concern any, -1 for all doubts.
        var identity: Int
        var reach: Doubt.Reach
        var isRounded: Bool
    }

    private struct Span {
        var from: Int64
        var to: Int64
        /// The latest end of this span and those before it.
        var latest: Int64
        var place: DoubtPlace
    }

    private var spans: [Key: [Span]] = [:]
    /// Whether there is nothing to doubt.
    let isEmpty: Bool
    /// How much further a doubt reaches than the times of its neighbours say: they share a second, and clocks differ.
    private static let slack: Int64 = 5_000_000

    /// Arranges doubts.
    ///
    /// - Parameter instances: the service of every instance, by its number.
    init(_ doubts: [Doubt], instances: [Int: String]) {
        isEmpty = doubts.isEmpty
        for doubt in doubts {
            for service in ["dps", "hub"] where doubt.service.isEmpty || doubt.service == service {
                let numbers =
                    doubt.instance != 0 ? [doubt.instance] : instances.filter { $0.value == service }.keys.sorted()
                for instance in numbers + [-1] {
                    add(doubt, service, instance, doubt.identity)
                    add(doubt, service, instance, -1)
                }
            }
        }
        for key in spans.keys {
            spans[key]?.sort {
                ($0.from, $0.to, $0.place.file, $0.place.line) < ($1.from, $1.to, $1.place.file, $1.place.line)
            }
            var latest = Int64.min
            for index in spans[key, default: []].indices {
                latest = max(latest, spans[key]?[index].to ?? latest)
                spans[key]?[index].latest = latest
            }
        }
    }

    private mutating func add(_ doubt: Doubt, _ service: String, _ instance: Int, _ identity: Int) {
        for isRounded in [false, true] {
            let slack = doubt.reach == .file ? 0 : Self.slack
            var from = doubt.from == .min ? .min : doubt.from - slack
            var to = doubt.to == .max ? .max : doubt.to + slack
            if isRounded, doubt.reach != .file {
                if from != .min { from -= from % Microseconds.hour }
                if to != .max { to += Microseconds.hour - 1 - to % Microseconds.hour }
            }
            let key = Key(
                service: service,
                instance: instance,
                identity: identity,
                reach: doubt.reach,
                isRounded: isRounded
            )
            spans[key, default: []].append(Span(from: from, to: to, latest: to, place: doubt.place))
        }
    }

    /// The place of a doubt that meets a time.
    ///
    /// - Parameters:
    ///   - isRounded: whether a doubt reaches over the whole of the hours that it touches.
    ///   - reaches: which doubts are asked for.
    func place(_ question: Question, isRounded: Bool, _ reaches: [Doubt.Reach]) -> DoubtPlace? {
        if isEmpty || question.from > question.to { return nil }
        let identities = question.identity.map { question.isNamed ? [$0] : $0 == 0 ? [0] : [0, $0] } ?? [-1]
        for reach in reaches {
            for identity in identities {
                let key = Key(
                    service: question.service,
                    instance: question.instance ?? -1,
                    identity: identity,
                    reach: reach,
                    isRounded: isRounded
                )
                if let list = spans[key], let place = Self.first(list, question.from, question.to) { return place }
            }
        }
        return nil
    }

    /// The last of the spans that begin before a time and meet it.
    private static func first(_ list: [Span], _ from: Int64, _ to: Int64) -> DoubtPlace? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].from <= to { low = middle + 1 } else { high = middle }
        }
        var index = low - 1
        while index >= 0, list[index].latest >= from {
            if list[index].to >= from { return list[index].place }
            index -= 1
        }
        return nil
    }
}
