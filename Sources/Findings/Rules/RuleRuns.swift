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
        var findings: [RuleRunner.Found] = []
        var devices: DeviceTraits?
        /// By the position of the rule, so that of several failures always the same is told.
        var failures: [Int: any Error] = [:]
    }

    /// What the rules find, in no order, and the devices that logs name, which the incidents are made with.
    ///
    /// - Parameters:
    ///   - limits: of each rule.
    ///   - window: what to look at; nil for the whole database.
    ///   - progress: told after each rule, from either connection's thread.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    static func run(
        _ cards: [RuleCard],
        _ overrides: [String: Int],
        _ limits: StatementLimits,
        in window: AnalysisWindow?,
        _ database: LogDatabase,
        progress: @escaping @Sendable (AnalysisStep) -> Void = { _ in }
    ) throws -> (findings: [Finding], devices: DeviceTraits) {
        let work = Mutex(Work())
        @Sendable func takeRules(_ prepare: (String) throws -> PreparedStatement) {
            while true {
                let index = work.withLock { work in
                    defer { work.next += 1 }
                    return work.next
                }
                guard index < cards.count else { return }
                do {
                    try database.stop.check()
                    if index < 0 {
                        let devices = try DeviceTraits.logged(prepare)
                        work.withLock { $0.devices = devices }
                        continue
                    }
                    let card = cards[index]
                    let found = try RuleRunner.run(card, overrides, limits, database.stop, prepare).filter {
                        window?.concerns($0.finding, holds: card.holds) ?? true
                    }
                    let done = work.withLock { work in
                        work.findings += found
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
                try with(views, connection) { takeRules { try PreparedStatement(connection, $0) } }
            }
            return try result(of: work, cards)
        }
        // Each has a cache and sorts of its own, so that more would cost memory and gain little.
        let connections = min(AvailableCores.count(), mostConnections)
        DispatchQueue.concurrentPerform(iterations: connections) { _ in
            do {
                // Its views go with it.
                let connection = try ReadConnection(database.path, database.stop)
                for view in views { try connection.execute(view.sql) }
                takeRules(connection.prepare)
            } catch {
                work.withLock { $0.failures[-1] = error }
            }
        }
        return try result(of: work, cards)
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

    private static func result(
        of work: borrowing Mutex<Work>,
        _ cards: [RuleCard]
    ) throws -> (findings: [Finding], devices: DeviceTraits) {
        try work.withLock { work in
            if let first = work.failures.keys.min(), let failure = work.failures[first] { throw failure }
            return (standing(work.findings, cards), work.devices ?? DeviceTraits())
        }
    }

    /// Leaves out what a catch-all rule says of errors that another rule names.
    private static func standing(_ found: [RuleRunner.Found], _ cards: [RuleCard]) -> [Finding] {
        let catchAll = cards.filter(\.isCatchAll)
        let scopes = Dictionary(catchAll.map { ($0.name, $0.errors) }, uniquingKeysWith: { first, _ in first })
        if scopes.isEmpty { return found.map(\.finding) }
        let others = found.map(\.finding).filter { scopes[$0.rule] == nil }
        let named = NamedErrors(others, cards)
        return others
            + found.filter { one in
                guard let scopes = scopes[one.finding.rule] else { return false }
                return !named.name(one.finding, codes: one.codes, scopes)
            }.map(\.finding)
    }
}
