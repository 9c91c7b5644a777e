import ArgumentParser
import Audit
import AzureLogs
import EventStore
import Findings
import Glibc
import Reports

/// Findings that are known and accepted for a time.
struct SuppressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress",
        abstract: "Add, list and check suppressions: what is known and accepted, by whom, why, until when.",
        subcommands: [Add.self, List.self, Check.self]
    )

    /// Where the suppressions are.
    struct FileOption: ParsableArguments {
        @Option(name: .long, help: ArgumentHelp("The file of suppressions (docs/suppressions.md).", valueName: "file"))
        var file: String
    }

    /// Puts one more at the end of the file.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add a suppression to the file.",
            discussion: """
                Example:
                  dpslens suppress add --file suppressions.yaml --rule key-derivation-failure --subject 'lab-*' \\
                    --reason 'bench devices with test keys' --owner lab@example.com --expires 2027-01-31
                """
        )

        @OptionGroup var file: FileOption
        @OptionGroup var ruleOptions: RuleOptions

        @Option(name: .long, help: "The rule, or * for any.")
        var rule: String

        @Option(name: .long, help: "Subjects: * stands for any letters, ? for one.")
        var subject: String

        @Option(name: .long, help: "Why it is accepted.")
        var reason: String

        @Option(name: .long, help: "Who answers for it.")
        var owner: String

        @Option(name: .long, help: ArgumentHelp("The last day on which it holds.", valueName: "date"))
        var expires: String

        func run() async throws {
            try await Failure.reporting {
                let rules = try ruleOptions.load()
                let before = access(file.file, F_OK) == 0 ? try TextFile.read(file.file) : ""
                let added = Suppression(rule: rule, subject: subject, reason: reason, owner: owner, expires: expires)
                let text = SuppressionFile.adding(added, to: before)
                do {
                    // What could not be read back is not written.
                    let all = try SuppressionFile.parse(text, file: file.file, rules: rules)
                    guard let last = all.last, last.subject == subject, last.rule == rule else {
                        throw InvalidInput(
                            "\(file.file): `suppressions` is not the last list of the file; add it by hand"
                        )
                    }
                } catch let error as SuppressionError {
                    throw InvalidInput(error.description)
                }
                try OutputFile(file.file).write(text)
                Standard.error("added; `dpslens suppress check --file \(file.file)` says what it covers\n")
            }
        }
    }

    /// What stands in the file.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the suppressions of a file."
        )

        @OptionGroup var file: FileOption
        @OptionGroup var ruleOptions: RuleOptions

        @Option(name: .long, help: ArgumentHelp(oneOf: DataFormat.self, valueName: "format"))
        var format = DataFormat.table

        func run() async throws {
            try await Failure.reporting {
                let now = TimeArgument.now()
                let rows: [[Cell]] = try Suppressions.load(file.file, ruleOptions.load()).map { item in
                    [
                        .text(item.rule), .text(item.subject), .text(item.holds(at: now) ? "holds" : "expired"),
                        .text(item.expires), .text(item.owner), .text(item.reason), .integer(Int64(item.line)),
                    ]
                }
                let columns = ["rule", "subject", "state", "expires", "owner", "reason", "line"]
                format.put(ResultTable(columns: columns, rows: rows), raw: false)
            }
        }
    }

    /// What is to be tidied up.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Tell suppressions that are unused, expired or over-broad. Exit 1 if there are any.",
            discussion: "The findings are those of the database as a whole; without one only the file is checked."
        )

        @OptionGroup var file: FileOption
        @OptionGroup var database: DatabaseOption
        @OptionGroup var ruleOptions: RuleOptions
        @OptionGroup var registryOptions: RegistryOptions

        @Flag(name: .long, help: "Check the file alone, without a database.")
        var fileOnly = false

        func run() async throws {
            try await Failure.reporting {
                let rules = try ruleOptions.load()
                let suppressions = try Suppressions.load(file.file, rules)
                if fileOnly {
                    Standard.output("\(suppressions.count) suppressions, the file is well formed\n")
                    return
                }
                let registry = try registryOptions.load()
                let (opened, derived) = try AnalysisRun(path: database.path, rules: rules, wait: 0).perform()
                let findings = try await registryOptions.meet(derived, registry, opened, rules).findings
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
}
