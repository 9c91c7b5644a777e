import ArgumentParser
import Audit
import Basics
import EventStore
import Findings
import Glibc
import Reports

/// Puts one more at the end of the file.
struct SuppressAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a suppression to the file.",
        discussion: """
            Example:
              dpslens suppress add --file suppressions.yaml --rule key-derivation-failure --subject 'lab-*' \\
                --reason 'bench devices with test keys' --owner lab@example.com --expires 2027-01-31
            """
    )

    @OptionGroup var file: SuppressionsFileOption
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
            let before = access(file.file, F_OK) == 0 ? try InputFile.text(file.file) : ""
            let added = Suppression(rule: rule, subject: subject, reason: reason, owner: owner, expires: expires)
            let text = SuppressionFile.adding(added, to: before)
            // What could not be read back is not written.
            let all = try SuppressionFile.parse(text, file: file.file, rules: rules)
            guard let last = all.last, last.subject == subject, last.rule == rule else {
                throw InvalidInput("\(file.file): `suppressions` is not the last list of the file; add it by hand")
            }
            try OutputFile(file.file).write(text)
            Standard.error("added; `dpslens suppress check --file \(file.file)` says what it covers\n")
        }
    }
}
