import Dispatch
import EventStore
import GRDB
import Synchronization

/// Runs rules side by side where the database is a file: on as many connections as there are cores, up to eight.
///
/// Each sees the same state, since the caller holds the lock against other writers.
enum RuleRuns {
    private static let mostConnections = 8

    private struct Work {
        /// The position of the next rule; before all of them come the devices, which take longest.
        var next = -1
        var done = 0
        /// The errors that the rules before those that catch all the others name; nil where there is none of these.
        var named: NamedErrors?
        var devices: DeviceTraits?
        /// By the position of the rule, so that of several failures always the same is told.
        var failures: [Int: any Error] = [:]
    }

    private static let batch = 500

    /// Hands on what the rules find.
    ///
    /// - Parameters:
    ///   - limits: of each rule.
    ///   - window: what to look at; nil for the whole database.
    ///   - progress: told after each rule, from either connection's thread.
    ///   - take: gets findings, in no order and from any of several threads at once; some hundred at a time.
    /// - Returns: the devices that logs name, which the incidents are made with.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails; what `take` throws.
    static func run(
        _ cards: [RuleCard],
        _ overrides: [String: Int],
        _ limits: StatementLimits,
        in window: AnalysisWindow?,
        _ database: LogDatabase,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in },
        _ take: @escaping @Sendable ([Finding]) throws -> Void
    ) throws -> DeviceTraits {
        let work = Mutex(Work())
        // Rules that catch what others leave come behind them: of a sick fleet they find as much again, which is named already
        // and need not be held.
        let order = cards.filter { !$0.isCatchAll } + cards.filter(\.isCatchAll)
        let naming = order.count { !$0.isCatchAll }
        if naming < order.count { work.withLock { $0.named = NamedErrors(order) } }
        @Sendable func takeRules(_ prepare: (String) throws -> PreparedStatement, upTo end: Int) {
            while true {
                let index = work.withLock { work in
                    defer { if work.next < end { work.next += 1 } }
                    return work.next
                }
                guard index < end else { return }
                do {
                    try database.stop.check()
                    if index < 0 {
                        let devices = try DeviceTraits.logged(prepare)
                        work.withLock { $0.devices = devices }
                        continue
                    }
                    let card = order[index]
                    let named = card.isCatchAll ? work.withLock(\.named) : nil
                    var found: [Finding] = []
                    func handOn() throws {
                        if !card.isCatchAll {
                            work.withLock { work in for finding in found { work.named?.add(finding) } }
                        }
                        try take(found)
                        found.removeAll(keepingCapacity: true)
                    }
                    try RuleRunner.run(card, overrides, limits, database.stop, prepare) { item in
                        if let window, !window.concerns(item.finding, holds: card.holds) { return }
                        if let named, named.name(item.finding, codes: item.codes, card.errors) { return }
                        found.append(item.finding)
                        if found.count == batch { try handOn() }
                    }
                    try handOn()
                    let done = work.withLock { work in
                        work.done += 1
                        return work.done
                    }
                    progress(.rules(done: done, of: cards.count))
                } catch {
                    work.withLock { $0.failures[index] = error }
                }
            }
        }
        let views = try window.map { window in try database.access.read { try window.views($0) } } ?? []
        guard database.access is DatabasePool else {
            // There is one connection, and temporary views count as writing on it.
            try database.access.writeWithoutTransaction { connection in
                try with(views, connection) {
                    takeRules({ try PreparedStatement(connection, $0) }, upTo: naming)
                    takeRules({ try PreparedStatement(connection, $0) }, upTo: order.count)
                }
            }
            return try result(of: work)
        }
        // Each has a cache and sorts of its own, so that more would cost memory and gain little.
        let connections = min(AvailableCores.count(), mostConnections)
        func takeSideBySide(upTo end: Int) {
            DispatchQueue.concurrentPerform(iterations: connections) { _ in
                do {
                    // Its views go with it.
                    let connection = try ReadConnection(database.path, database.stop)
                    for view in views { try connection.execute(view.sql) }
                    takeRules(connection.prepare, upTo: end)
                } catch {
                    work.withLock { $0.failures[-1] = error }
                }
            }
        }
        takeSideBySide(upTo: naming)
        if naming < order.count { takeSideBySide(upTo: order.count) }
        return try result(of: work)
    }

    /// Puts the views of a window in the places of those of the whole database while something is done.
    private static func with(
        _ views: [(name: String, sql: String)],
        _ connection: Database,
        _ body: () -> Void
    ) throws {
        defer {
            for view in views {
                // A view that was not made need not be dropped; the connection's own end drops the others.
                try? connection.execute(sql: "DROP VIEW IF EXISTS temp.\(view.name)")
            }
            connection.clearSchemaCache()
        }
        for view in views { try connection.execute(sql: view.sql) }
        connection.clearSchemaCache()
        body()
    }

    private static func result(of work: borrowing Mutex<Work>) throws -> DeviceTraits {
        try work.withLock { work in
            if let first = work.failures.keys.min(), let failure = work.failures[first] { throw failure }
            return work.devices ?? DeviceTraits()
        }
    }
}
