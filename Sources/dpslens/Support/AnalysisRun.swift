import Correlation
import EventStore
import Findings

/// A database brought up to date for a command that shows it.
struct AnalysisRun {
    let path: String
    let rules: RuleSet
    /// How long to wait for the database's lock, in seconds.
    let wait: Int
    /// Whether no progress is shown on standard error.
    var quiet = false

    /// Opens the database and derives what is missing, without reading the findings.
    ///
    /// The lock is let go when this returns: the database may be open for writing, and no more is written.
    func openCurrent() throws -> LogDatabase {
        let readOnly = try LogDatabase.open(path, .readOnly)
        if try Analysis.isCurrent(readOnly, rules: rules) { return readOnly }
        let (database, lock) = try Self.derivable(readOnly, path, owner: "dpslens", wait: wait)
        // Held until here whatever the optimizer thinks of it.
        defer { withExtendedLifetime(lock) {} }
        let progress = JudgingProgress(isShown: !quiet)
        defer { progress.end() }
        try Analysis.update(database, rules: rules) { progress.show($0) }
        return database
    }

    /// The same, and reads the findings.
    func openAndLoad() throws -> (database: LogDatabase, result: AnalysisResult) {
        // Nothing is locked while nothing has to be derived, so that several may look at one database.
        let readOnly = try LogDatabase.open(path, .readOnly)
        if let result = try Analysis.currentResult(readOnly, rules: rules) { return (readOnly, result) }
        let (database, lock) = try Self.derivable(readOnly, path, owner: "dpslens", wait: wait)
        defer { withExtendedLifetime(lock) {} }
        return (database, try refresh(database))
    }

    /// A database in which what is missing can be derived: the one at the path, else a copy that goes with the command.
    ///
    /// - Parameter readOnly: the same database, open for reading.
    /// - Returns: the database, and the lock that is to be held while it is written.
    static func derivable(
        _ readOnly: LogDatabase,
        _ path: String,
        owner: String,
        wait: Int
    ) throws -> (LogDatabase, DatabaseLock?) {
        do {
            let lock = try DatabaseLock(for: path, owner: owner, now: TimeArgument.now(), waiting: wait)
            return (try LogDatabase.open(path), lock)
        } catch let error as StoreError where error.code == .cannotOpen {
            Standard.say("\(error.description); what is missing is derived in a copy, for this command alone")
            return (try readOnly.copied(), nil)
        }
    }

    /// Derives what is missing in a database that is open already.
    ///
    /// - Parameter sweep: one that was made while events were stored.
    func refresh(_ database: LogDatabase, sweep: LiveSweep? = nil) throws -> AnalysisResult {
        let progress = JudgingProgress(isShown: !quiet)
        defer { progress.end() }
        do {
            let result = try Analysis.refresh(database, rules: rules, live: sweep) { progress.show($0) }
            try database.checkPlace()
            return result
        } catch {
            try database.checkPlace()
            throw error
        }
    }
}
