import Dispatch
import EventStore
import GRDB
import Synchronization

/// Runs rules on as many connections as the database has for reading.
///
/// Each sees the same state, since the caller holds the lock against other writers.
enum RuleRuns {
    private struct Work {
        var next = 0
        var findings: [Finding] = []
        /// By the position of the rule, so that of several failures always the same is told.
        var failures: [Int: any Error] = [:]
    }

    /// What the rules find, in no order.
    ///
    /// - Parameter window: what to look at; nil for the whole database.
    /// - Throws: `DatabaseError`, or `RuleError` for a rule that fails.
    static func run(
        _ cards: [RuleCard],
        _ overrides: [String: Int],
        in window: AnalysisWindow?,
        _ database: LogDatabase
    ) throws -> [Finding] {
        let work = Mutex(Work())
        @Sendable func takeRules(_ connection: Database) {
            while true {
                let index = work.withLock { work in
                    defer { work.next += 1 }
                    return work.next
                }
                guard index < cards.count else { return }
                do {
                    let card = cards[index]
                    let found = try RuleRunner.run(card, overrides, connection).filter {
                        window?.concerns($0, holds: card.holds) ?? true
                    }
                    work.withLock { $0.findings += found }
                } catch {
                    work.withLock { $0.failures[index] = error }
                }
            }
        }
        guard let pool = database.access as? DatabasePool else {
            // Temporary views count as writing on the one connection there is.
            try database.access.writeWithoutTransaction { try within(window, $0, takeRules) }
            return try result(of: work)
        }
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            do {
                try pool.read { try within(window, $0, takeRules) }
            } catch {
                work.withLock { $0.failures[-1] = error }
            }
        }
        return try result(of: work)
    }

    /// Puts the views of a window in the places of those of the whole database while something is done.
    private static func within(_ window: AnalysisWindow?, _ connection: Database, _ body: (Database) -> Void) throws {
        guard let window else { return body(connection) }
        let views = try window.views(connection)
        defer {
            for view in views {
                // A view that was not made need not be dropped; the connection's own end drops the others.
                try? connection.execute(sql: "DROP VIEW IF EXISTS temp.\(view.name)")
            }
            connection.clearSchemaCache()
        }
        for view in views { try connection.execute(sql: view.sql) }
        // Statements that were compiled before mean the views of another window.
        connection.clearSchemaCache()
        body(connection)
    }

    private static func result(of work: borrowing Mutex<Work>) throws -> [Finding] {
        try work.withLock { work in
            if let first = work.failures.keys.min(), let failure = work.failures[first] { throw failure }
            return work.findings
        }
    }
}
