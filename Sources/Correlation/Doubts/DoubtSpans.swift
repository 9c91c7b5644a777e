import Basics

/// Doubts by whom they concern, to ask for times.
struct DoubtSpans: Sendable {
    /// Where a question looks, and how far doubts reach there.
    enum Look: Hashable, CaseIterable {
        /// At an instance, at the very time.
        case times
        /// At an instance; a doubt reaches over the whole of the hours that it touches.
        case hours
        /// The same, whomever a doubt concerns.
        case hoursOfAll
        /// At every instance of the service, at the very time.
        case anywhere
    }

    /// What a question is about.
    struct Question {
        var service: String
        var look: Look
        /// The instance's number; `anywhere` does not ask for it.
        var instance = 0
        /// The device or registration; `hoursOfAll` does not ask for it.
        var identity = 0
        var from: Int64
        var to: Int64
        /// Whether only records are asked for that name the identity.
        var isNamed = false
    }

    private struct Key: Hashable {
        var service: String
        var look: Look
        /// 0 for all of the service together.
        var instance: Int
        /// 0 for doubts that may concern any, and for all together.
        var identity: Int
        var reach: Doubt.Reach
    }

    private struct Span {
        var from: Int64
        var to: Int64
        /// The latest end of this span and those before it.
        var latest: Int64
        var file: Int32
        var line: Int32
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
        let ofService = Dictionary(grouping: instances.keys.sorted()) { instances[$0] ?? "" }
        for doubt in doubts {
            for service in ["dps", "hub"] where doubt.service.isEmpty || doubt.service == service {
                for instance in doubt.instance != 0 ? [doubt.instance] : ofService[service] ?? [] {
                    for look in Look.allCases where look != .anywhere { add(doubt, service, look, instance) }
                }
                add(doubt, service, .anywhere, 0)
            }
        }
        for key in spans.keys {
            spans[key]?.sort { ($0.from, $0.to, $0.file, $0.line) < ($1.from, $1.to, $1.file, $1.line) }
            var latest = Int64.min
            for index in spans[key, default: []].indices {
                latest = max(latest, spans[key]?[index].to ?? latest)
                spans[key]?[index].latest = latest
            }
        }
    }

    private mutating func add(_ doubt: Doubt, _ service: String, _ look: Look, _ instance: Int) {
        let slack = doubt.reach == .file ? 0 : Self.slack
        var from = doubt.from == .min ? .min : doubt.from - slack
        var to = doubt.to == .max ? .max : doubt.to + slack
        if look == .hours || look == .hoursOfAll, doubt.reach != .file {
            if from != .min { from -= from % Microseconds.hour }
            if to != .max { to += Microseconds.hour - 1 - to % Microseconds.hour }
        }
        let key = Key(
            service: service,
            look: look,
            instance: instance,
            identity: look == .hoursOfAll ? 0 : doubt.identity,
            reach: doubt.reach
        )
        spans[key, default: []].append(
            Span(from: from, to: to, latest: to, file: Int32(clamping: doubt.file), line: Int32(clamping: doubt.line))
        )
    }

    /// The place of a doubt that meets a time.
    ///
    /// - Parameter reaches: which doubts are asked for.
    func place(_ question: Question, _ reaches: [Doubt.Reach]) -> DoubtPlace? {
        if isEmpty || question.from > question.to { return nil }
        let identity = question.look == .hoursOfAll ? 0 : question.identity
        let identities = question.isNamed ? [identity] : identity == 0 ? [0] : [0, identity]
        for reach in reaches {
            for identity in identities {
                let key = Key(
                    service: question.service,
                    look: question.look,
                    instance: question.look == .anywhere ? 0 : question.instance,
                    identity: identity,
                    reach: reach
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
            if list[index].to >= from { return DoubtPlace(file: Int(list[index].file), line: Int(list[index].line)) }
            index -= 1
        }
        return nil
    }
}
