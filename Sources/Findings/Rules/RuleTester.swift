import Basics
import Correlation
public import EventStore
import Glibc

/// Runs the cases of rules through the whole way: importer, correlation, rule.
public struct RuleTester: Sendable {
    /// What came of one case.
    public struct Outcome: Sendable, Hashable {
        /// The rule.
        public var rule: String
        /// The case.
        public var name: String
        /// What is wrong; empty if it holds.
        public var problems: [String]
    }

    /// The fewest cases that a rule may have.
    public static let fewestCases = 4
    private let folder: String
    private let limits: StatementLimits
    private let keep: String?

    /// A tester that keeps its files in a folder, which is there and empty.
    ///
    /// - Parameter limits: of each rule.
    /// - Parameter keep: a folder in which the records of each case are left as `RULE.NUMBER.json`; nil for none.
    public init(folder: String, limits: StatementLimits = RuleSet.standardLimits, keep: String? = nil) {
        self.folder = folder
        self.keep = keep
        self.limits = limits
    }

    /// Runs all cases of a rule.
    ///
    /// - Throws: `RuleError` for cases that cannot be read, or what the store throws.
    public func run(_ entry: RuleSet.Entry) async throws -> [Outcome] {
        let cases = try RuleCase.parse(entry.cases ?? "", file: entry.file)
        var outcomes: [Outcome] = []
        for (number, item) in cases.enumerated() {
            if let keep { try write(item.lines, to: "\(keep)/\(entry.card.name).\(number).json") }
            outcomes.append(try await run(item, of: entry.card))
        }
        if cases.count < Self.fewestCases {
            let problem = "\(cases.count) cases; a rule has at least \(Self.fewestCases)"
            outcomes.append(Outcome(rule: entry.card.name, name: "number of cases", problems: [problem]))
        }
        return outcomes
    }

    private func run(_ item: RuleCase, of card: RuleCard) async throws -> Outcome {
        let path = folder + "/case.json"
        try write(item.lines, to: path)
        let database = try LogDatabase.inMemory()
        let report = try await Importer.run([path], into: database)
        _ = try Correlator.rebuild(database)
        let findings = try Analysis.runRule(card, [:], limits, in: database)
        var problems = report.isBalanced ? [] : ["the balance does not hold"]
        if findings.count != item.expected.count {
            problems.append("\(item.expected.count) findings expected, \(findings.count) found")
        }
        for expected in item.expected {
            let same = findings.filter { $0.subject == expected["subject"] }
            // Of two findings about one subject the one that is meant in every column.
            let row = same.first { row in expected.allSatisfy { Self.value(row, $0.key) == $0.value } } ?? same.first
            guard let row else {
                problems.append("no finding of \(expected["subject"] ?? "?")")
                continue
            }
            for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
                let actual = Self.value(row, key)
                if actual != value { problems.append("\(row.subject): \(key) is \(actual), not \(value)") }
            }
        }
        for finding in findings where !item.expected.contains(where: { $0["subject"] == finding.subject }) {
            problems.append("unexpected: \(finding.summary)")
        }
        return Outcome(rule: card.name, name: item.name, problems: problems)
    }

    private static func value(_ finding: Finding, _ key: String) -> String {
        guard let column = FindingTable.columns.firstIndex(of: key) else { return "(no such column)" }
        return FindingTable.table([finding]).rows[0][column].plain
    }

    private func write(_ lines: [String], to path: String) throws {
        guard let file = fopen(path, "w") else {
            throw RuleError(path, "cannot be written: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        for line in lines where fputs(line + "\n", file) < 0 {
            throw RuleError(path, "cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
