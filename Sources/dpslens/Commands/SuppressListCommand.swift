import ArgumentParser
import EventStore
import Findings
import Reports

/// What stands in the file.
struct SuppressListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the suppressions of a file."
    )

    @OptionGroup var file: SuppressionsFileOption
    @OptionGroup var ruleOptions: RuleOptions

    @OptionGroup var format: FormatOption<DataFormat>

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
            format.word.put(ResultTable(columns: columns, rows: rows), raw: false)
        }
    }
}
