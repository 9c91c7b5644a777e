import AzureLogs
import EventStore
import GRDB

/// The thread's part of a `LiveSweep`: order, numbers, sweep.
///
/// Whatever breaks the order or the numbers ends it: `take` returns false, and the sweep is made over the events when all
/// are there. That costs time, and nothing else.
struct LiveWorker {
    private let configuration: CorrelationConfiguration
    private let basis: String
    private let lastTime: Int64?
    private let connection: Database
    private var numbers = LiveFacts()
    private var order = EventOrder()
    private var isRegistration = [false]
    private var pass: SweepPass?
    private var paths = FilePaths()
    /// How much of `numbers` the pass knows.
    private var known = (facts: 0, leaders: 0)

    /// - Parameters:
    ///   - basis: what checkpoints rest on (`Checkpoints.basis`).
    ///   - lastTime: when the last event will be, if that can be guessed; checkpoints stand some hours before it.
    ///   - connection: where the derived rows go.
    init(_ configuration: CorrelationConfiguration, basis: String, lastTime: Int64?, _ connection: Database) {
        self.configuration = configuration
        self.basis = basis
        self.lastTime = lastTime
        self.connection = connection
        order.add(ContextFacts())
    }

    /// Takes what was stored.
    mutating func take(_ news: LiveNews) throws -> Bool {
        if let file = news.file {
            paths.learn(file.id, file.path)
            pass?.learn(file: file.id, file.path)
        }
        for identity in news.identities where !numbers.add(identity) { return false }
        for (id, context) in news.contexts {
            guard numbers.add(context, id: id) else { return false }
            let fact = numbers.kind(of: context)
            order.add(fact)
            isRegistration.append(fact.kind == .registration)
        }
        for var event in news.events {
            if !isRegistration[event.context] {
                (event.target, event.duration, event.correlation) = (0, -1, 0)
            }
            if !order.add(event) { return false }
        }
        if news.endsFile { return try sweep(order.endFile()) }
        return try sweep(order.relieve()) && !order.isOverfull
    }

    private mutating func sweep(_ count: Int) throws -> Bool {
        if count == 0 { return true }
        if pass == nil {
            guard numbers.number() else { return false }
            pass = try begin()
        }
        let facts = Array(numbers.facts[known.facts...])
        let leaders = Array(numbers.leaders[known.leaders...])
        if !facts.isEmpty || !leaders.isEmpty { pass?.learn(facts, numbers.instances, leaders: leaders) }
        known = (numbers.facts.count, numbers.leaders.count)
        try pass?.take(order.waiting[..<count])
        order.drop(count)
        return true
    }

    private mutating func begin() throws -> SweepPass {
        known = (numbers.facts.count, numbers.leaders.count)
        let instances = numbers.instances
        let count = instances.names.count - 1
        let start = SweepStart()
        let first = order.waiting.first?.time ?? 0
        return try SweepPass(
            Sweep(
                configuration: configuration,
                facts: numbers.facts,
                coverage: nil,
                leaders: numbers.leaders,
                snapshots: [:],
                paths: paths,
                instances: count
            ),
            DerivedWriter(connection, instances.words),
            Checkpoints(basis: basis, numbers.leaders, instances.words, instances: count),
            from: start,
            wanted: lastTime.map { Checkpoints.wanted(after: start, first: first, last: $0) } ?? [],
            CoverageTally(numbers.facts),
            connection
        )
    }

    /// Ends the sweep behind the last event.
    ///
    /// - Returns: nil if there was none, or if it cannot be used.
    mutating func finish() throws -> SweptEvents? {
        guard try sweep(order.releaseAll()), var pass else { return nil }
        // Or its states would be copied before they are changed.
        self.pass = nil
        let coverage = try pass.finish(isResumed: false)
        return SweptEvents(
            SweepOutcome(pass, coverage),
            facts: numbers.facts,
            instances: numbers.instances,
            leaders: numbers.leaders,
            records: pass.sweep.records.reduce(0, +)
        )
    }
}

/// What the writing task tells the sweeping thread.
struct LiveNews: Sendable {
    /// The file that they come from.
    var file: (id: Int, path: String)?
    var events: [SweepEvent] = []
    var identities: [NewText] = []
    var contexts: [(id: Int, context: EventContext)] = []
    var endsFile = false
}
