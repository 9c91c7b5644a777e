import GRDBSQLite

/// How long a statement that a person wrote may run, and how many rows it may give.
public struct StatementLimits: Sendable, Hashable {
    /// Seconds; nil for no limit.
    public var seconds: Double?
    /// Rows; nil for no limit.
    public var rows: Int?

    /// Limits; none unless given.
    public init(seconds: Double? = nil, rows: Int? = nil) {
        self.seconds = seconds
        self.rows = rows
    }

    /// Which limit was reached.
    public struct Reached: Error, Sendable, Hashable, CustomStringConvertible {
        /// The limit as a number with its unit: `5 s`, `1000 rows`.
        public var description: String
    }
}

/// The time at which a statement is ended, beside the sign that ends all of them.
///
/// Not `Sendable`: it belongs to the thread that steps the statement.
final class StatementWatch {
    private let sign: StopSign
    private let deadline: ContinuousClock.Instant?
    /// Whether the time was what ended the statement.
    private(set) var isOverdue = false

    init(_ limits: StatementLimits, _ sign: StopSign) {
        self.sign = sign
        deadline = limits.seconds.map { ContinuousClock.now + .seconds($0) }
    }

    /// Watches a connection's statements while something is done.
    func during<Result>(_ handle: OpaquePointer, _ body: () throws -> Result) rethrows -> Result {
        defer { withExtendedLifetime(self) { sign.watch(handle) } }
        sqlite3_progress_handler(
            handle,
            StopSign.steps,
            { context in
                guard let context else { return 0 }
                return Unmanaged<StatementWatch>.fromOpaque(context).takeUnretainedValue().ends() ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        return try body()
    }

    private func ends() -> Bool {
        if let deadline, ContinuousClock.now > deadline { isOverdue = true }
        return isOverdue || sign.isRaised
    }
}

extension PreparedStatement {
    /// Steps through all rows of a statement that has limits.
    ///
    /// - Parameters:
    ///   - sign: ends it, too.
    ///   - row: called for each row that the statement stands on.
    /// - Throws: `StatementLimits.Reached`, `DatabaseError`, and what `row` throws.
    public func forEachRow(within limits: StatementLimits, _ sign: StopSign, _ row: () throws -> Void) throws {
        let watch = StatementWatch(limits, sign)
        do {
            try watch.during(connection) {
                var count = 0
                while try next() {
                    count += 1
                    if let most = limits.rows, count > most {
                        reset()
                        throw StatementLimits.Reached(description: "\(most) rows")
                    }
                    try row()
                }
            }
        } catch {
            reset()
            guard watch.isOverdue, let seconds = limits.seconds else { throw error }
            throw StatementLimits.Reached(description: Self.shown(seconds) + " s")
        }
    }

    private static func shown(_ seconds: Double) -> String {
        seconds == seconds.rounded() && seconds < 1e15 ? String(Int(seconds)) : String(seconds)
    }
}
