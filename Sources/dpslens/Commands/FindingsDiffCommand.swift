import ArgumentParser
import EventStore
import Findings
import Reports

/// What changed between two nights of the audit.
struct FindingsDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what changed between two nights of the audit.",
        discussion: """
            Example:
              dpslens findings diff 2026-11-22 2026-11-23 --db fleet.db
            """
    )

    @Argument(help: ArgumentHelp("The earlier night, as 2026-11-22.", valueName: "night"))
    var from: String

    @Argument(help: ArgumentHelp("The later night.", valueName: "night"))
    var to: String

    @OptionGroup var database: DatabaseOption
    @OptionGroup var redaction: RedactionOption

    @OptionGroup var format: FormatOption<DataFormat>

    func run() async throws {
        try await Failure.reporting {
            let key = try redaction.key()
            let opened = try LogDatabase.open(database.path, .readOnly)
            let nights = try FindingHistory.nights(in: opened).map(\.date)
            for night in [from, to] where !nights.contains(night) {
                let known = nights.suffix(5).joined(separator: ", ")
                throw ValidationError(
                    "There is no night \(night) in \(database.path); \(known.isEmpty ? "`dpslens audit` makes them" : "the newest are \(known)")."
                )
            }
            var changes = FindingChange.between(
                try FindingHistory.findings(of: from, in: opened),
                try FindingHistory.findings(of: to, in: opened)
            )
            if let redactor = try Redactor(key, opened, changes.map(\.finding)) {
                for index in changes.indices { changes[index].finding = redactor.finding(changes[index].finding) }
                changes.sort { Finding.precedes($0.finding, $1.finding) }
            }
            let rows: [[Cell]] = changes.map { change in
                [
                    .text(change.kind), .text(change.finding.severity.rawValue), .text(change.finding.rule),
                    .text(change.finding.subject), .text(change.before ?? "-"), .text(change.after ?? "-"),
                    .text(change.finding.id),
                ]
            }
            let columns = ["change", "severity", "rule", "subject", "before", "after", "finding_id"]
            if format.word == .table, rows.isEmpty {
                Standard.output("Nothing changed.\n")
            } else {
                format.word.put(ResultTable(columns: columns, rows: rows), raw: false)
            }
        }
    }
}
