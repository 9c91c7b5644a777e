import ArgumentParser
import EventStore
import Findings
import Reports

/// Checks rule files without running them.
struct RulesLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check rules: card, parameters, cases, SQL. Exit 4 if one fails."
    )

    @OptionGroup var ruleOptions: RuleOptions

    func run() async throws {
        try await Failure.reporting {
            var failed = false
            let entries = try ruleOptions.load().entries
            for entry in entries {
                for problem in RuleLint.problems(entry) {
                    failed = true
                    Standard.output("\(entry.file): \(problem)\n")
                }
            }
            if failed { throw Exit.invalid }
            Standard.output("\(entries.count) rules, no problems\n")
        }
    }
}
