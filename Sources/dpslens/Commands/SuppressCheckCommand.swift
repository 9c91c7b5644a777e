import ArgumentParser
import EventStore
import Findings
import Glibc
import Reports

/// What is to be tidied up.
struct SuppressCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell suppressions that are unused, expired or over-broad. Exit 1 if there are any.",
        discussion: "The findings are those of the database as a whole; without one only the file is checked."
    )

    @OptionGroup var file: SuppressionsFileOption
    @OptionGroup var analysis: AnalysisOptions

    @Flag(name: .long, help: "Check the file alone, without a database.")
    var fileOnly = false

    func run() async throws {
        try await Failure.reporting {
            let plan = try PlannedAnalysis(analysis)
            let suppressions = try Suppressions.load(file.file, plan.rules)
            if fileOnly {
                Standard.output("\(suppressions.count) suppressions, the file is well formed\n")
                return
            }
            let findings = try await plan.open().result.findings
            let problems = SuppressionCheck.problems(suppressions, findings: findings, at: TimeArgument.now())
            for problem in problems {
                let item = problem.suppression
                Standard.output(
                    "\(file.file):\(item.line): \(problem.kind): \(item.rule) \(TerminalText.safe(item.subject)):"
                        + " \(problem.detail); owner \(TerminalText.safe(item.owner))\n"
                )
            }
            let covered = findings.count { finding in suppressions.contains { $0.matches(finding) } }
            Standard.output(
                "\(suppressions.count) suppressions match \(covered) of \(findings.count) findings; \(problems.count) problems\n"
            )
            if !problems.isEmpty { throw Exit.findings }
        }
    }
}
