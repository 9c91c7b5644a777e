import EventStore
import GRDB

/// The runs of failures of devices, ended by a success or not: whom trouble has struck, also where it is over.
///
/// Findings about a device speak of how it stands now, so they go when it comes through. Its failures stay in the logs, and
/// with them who was struck first.
struct FailureRuns: Sendable {
    /// Failures of a device with no success between them.
    struct Run: Sendable, Hashable {
        /// Time of the first failure, microseconds since 1970.
        var begins: Int64
        /// Time of the last failure.
        var ends: Int64
        /// How many there are.
        var failures: Int
        /// Time of the success behind them; `.max` while there is none.
        var until: Int64

        /// Whether a finding may have spoken of it, and the device came through since.
        var isOver: Bool { failures >= FailureRuns.fewest && until < .max }
    }

    /// How many failures make a run that a finding may have named; single ones are transient.
    static let fewest = 3

    private static let sides = ["dps", "hub"]

    /// In lower case.
    private var names = NamePool()
    /// Where the runs of each name begin at either side, in the order of `names` and `sides`, and where the last of them ends.
    private var starts: [Int32] = [0]
    private var runs: [Run] = []

    /// Nothing is known of anybody.
    init() {}

    /// Reads the runs of the devices that findings are about, by their registration and device ids in lower case.
    ///
    /// - Throws: `DatabaseError`.
    init(of findings: BriefFindings, _ database: Database) throws {
        // Who was never refused has no run: their successes, which are most of what is logged, are not read.
        let attempts = try PreparedStatement(
            database,
            """
            SELECT a.started, a.outcome IN ('assigned', 'accepted'), 1 FROM identity i
            CROSS JOIN registration_total t ON t.registration = i.id AND t.attempts > t.answered
            CROSS JOIN attempt a ON a.registration = i.id
            WHERE i.folded = ? AND a.outcome IN ('assigned', 'accepted', 'failed', 'disabled', 'throttled')
            """
        )
        let contacts = try PreparedStatement(
            database,
            """
            SELECT c.time, c.outcome = 'connected', c.copies FROM identity i
            CROSS JOIN device_total t ON t.device = i.id AND t.contacts > t.connected
            CROSS JOIN watched_contacts c ON c.device = i.id
            WHERE i.folded = ? AND c.explained = 0
            """
        )
        for place in findings.items.indices where findings.isAboutDevice(place) {
            for name in findings.names(place).sorted() {
                let known = names.count
                guard names.number(name) == known else { continue }
                // In the order of `sides`.
                for statement in [attempts, contacts] {
                    runs += try Self.runs(name, statement)
                    starts.append(Int32(truncatingIfNeeded: runs.count))
                }
            }
        }
    }

    private static func runs(_ name: String, _ statement: PreparedStatement) throws -> [Run] {
        statement.bind(1, name)
        var steps: [(time: Int64, isSuccess: Bool, copies: Int)] = []
        while try statement.next() {
            steps.append((statement.integer(0), statement.integer(1) == 1, Int(statement.integer(2))))
        }
        statement.reset()
        // Of a failure and a success in one instant the failure comes first, as in the rules.
        steps.sort { ($0.time, $0.isSuccess ? 1 : 0) < ($1.time, $1.isSuccess ? 1 : 0) }
        var runs: [Run] = []
        var run: Run?
        for step in steps {
            if step.isSuccess {
                run?.until = step.time
                if let run { runs.append(run) }
                run = nil
            } else {
                var grown = run ?? Run(begins: step.time, ends: step.time, failures: 0, until: .max)
                grown.ends = step.time
                grown.failures += step.copies
                run = grown
            }
        }
        if let run { runs.append(run) }
        return runs
    }

    /// The runs of a device.
    ///
    /// - Parameters:
    ///   - names: those of the device, in lower case.
    ///   - side: `dps` or `hub`.
    func runs(of names: Set<String>, at side: String) -> [Run] { names.flatMap { runs(of: $0, at: side) } }

    private func runs(of name: String, at side: String) -> ArraySlice<Run> {
        guard let number = names.find(name), let place = Self.sides.firstIndex(of: side) else { return [] }
        let first = Self.sides.count * number + place
        return runs[Int(starts[first])..<Int(starts[first + 1])]
    }

    /// Whether one of a device's runs is over.
    func areOver(of names: Set<String>) -> Bool {
        names.contains { name in Self.sides.contains { runs(of: name, at: $0).contains(where: \.isOver) } }
    }

    /// When the run began in which a device failed at a time; the time itself where no run holds it.
    func beginning(of names: Set<String>, at side: String, _ time: Int64) -> Int64 {
        var first: Int64?
        for name in names {
            for run in runs(of: name, at: side) where run.begins <= time && time <= run.ends {
                first = min(first ?? run.begins, run.begins)
            }
        }
        return first ?? time
    }
}
