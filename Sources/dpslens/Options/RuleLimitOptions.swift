import ArgumentParser
import EventStore
import Findings

/// How long rules may take, and how many rows each may give.
struct RuleLimitOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "End a rule that takes longer; exit 4. 0 for no limit. Default: \(Self.standard.seconds).",
            valueName: "seconds"
        )
    )
    var ruleTimeout: Double?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "End a rule that gives more rows; exit 4. 0 for no limit. Default: \(Self.standard.rows).",
            valueName: "n"
        )
    )
    var ruleRows: Int?

    private static let standard = (
        seconds: RuleSet.standardLimits.seconds.map { String(Int($0)) } ?? "none",
        rows: RuleSet.standardLimits.rows.map { String($0) } ?? "none"
    )

    func validate() throws {
        if let ruleTimeout { try Self.check(ruleTimeout, "--rule-timeout") }
        if let ruleRows { try Self.check(Double(ruleRows), "--rule-rows") }
    }

    /// - Throws: `ValidationError` (exit 64) for what is no limit.
    static func check(_ value: Double, _ option: String) throws {
        guard value.isFinite, value >= 0, value <= 1e9 else {
            throw ValidationError("\(option) is a number from 0 to 1000000000; 0 for no limit.")
        }
    }

    /// The limits in force.
    ///
    /// - Parameter standard: what holds where no option is given.
    func limits(_ standard: StatementLimits = RuleSet.standardLimits) -> StatementLimits {
        StatementLimits(
            seconds: ruleTimeout.map { $0 > 0 ? $0 : nil } ?? standard.seconds,
            rows: ruleRows.map { $0 > 0 ? $0 : nil } ?? standard.rows
        )
    }
}
